#include "data/arrays/npy_reader.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/temporary_folder.hpp"
#include "data/arrays/npy_header.hpp"
#include "data/data_testing.hpp"

namespace gradus {
namespace {

using testing_support::contains;
using testing_support::gzipped;
using testing_support::inputs_of;
using testing_support::labels_of;
using testing_support::message_of;
using testing_support::targets_of;
using Values = std::vector<float>;
using Labels = std::vector<std::int32_t>;
using Names = std::vector<std::string>;

std::string npy_with_header(const std::string& header, std::string_view elements, char major = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += major;
  bytes += '\0';
  for (std::size_t i = 0; i < (major == 1 ? 2U : 4U); ++i) bytes += static_cast<char>(header.size() >> 8 * i & 0xFFU);
  return (bytes + header).append(elements);
}

std::string npy_header(const std::string& descr, const std::string& shape, bool fortran = false) {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}          \n", descr, fortran ? "True" : "False",
                     shape);
}

template <typename T>
std::string elements(const std::vector<T>& values, bool swap = false) {
  std::string bytes;
  for (const T value : values) {
    std::string one(sizeof(T), '\0');
    std::memcpy(one.data(), &value, sizeof(T));
    if (swap) std::reverse(one.begin(), one.end());
    bytes += one;
  }
  return bytes;
}

template <typename T>
std::string npy(const std::string& descr, const std::string& shape, const std::vector<T>& values, bool fortran = false) {
  return npy_with_header(npy_header(descr, shape, fortran), elements(values, descr[0] == '>'));
}

internal::ArrayInputs inputs(const std::string& bytes) {
  return internal::read_npy_inputs(*internal::source_from_memory("x.npy", bytes));
}

std::string error(const std::string& bytes) {
  return message_of([&] { inputs(bytes); });
}

Values floats(const std::string& bytes) {
  const auto read = inputs(bytes);
  return {read.floats.span().begin(), read.floats.span().end()};
}

TEST(NpyReader, EveryTypeInEitherByteOrder) {
  const Values expected{1, -2, 300, 4};
  EXPECT_EQ(floats(npy<float>("<f4", "(2, 2)", {1, -2, 300, 4})), expected);
  EXPECT_EQ(floats(npy<float>(">f4", "(2, 2)", {1, -2, 300, 4})), expected);
  EXPECT_EQ(floats(npy<double>("<f8", "(2, 2)", {1, -2, 300, 4})), expected);
  EXPECT_EQ(floats(npy<double>(">f8", "(2, 2)", {1, -2, 300, 4})), expected);
  EXPECT_EQ(floats(npy<std::int32_t>("<i4", "(2, 2)", {1, -2, 300, 4})), expected);
  EXPECT_EQ(floats(npy<std::int32_t>(">i4", "(2, 2)", {1, -2, 300, 4})), expected);
  EXPECT_EQ(floats(npy<std::int64_t>("<i8", "(2, 2)", {1, -2, 300, 4})), expected);
  EXPECT_EQ(floats(npy<std::int64_t>(">i8", "(2, 2)", {1, -2, 300, 4})), expected);
  const auto bytes = inputs(npy<std::uint8_t>("|u1", "(2, 2)", {1, 2, 255, 4}));
  EXPECT_TRUE(bytes.holds_bytes);
  ASSERT_EQ(bytes.bytes.size(), 4U);
  EXPECT_EQ(bytes.bytes[2], 255);
}

TEST(NpyReader, Shapes) {
  EXPECT_EQ(inputs(npy<float>("<f4", "(3,)", {1, 2, 3})).features, 1U);
  EXPECT_EQ(inputs(npy<float>("<f4", "(2, 2, 2)", {1, 2, 3, 4, 5, 6, 7, 8})).features, 4U);
  EXPECT_EQ(inputs(npy<float>("<f4", "(1, 1, 1, 3)", {1, 2, 3})).features, 3U);
  EXPECT_EQ(inputs(npy<float>("<f4", "(2, 2, 2)", {1, 2, 3, 4, 5, 6, 7, 8})).image_size, (ImageSize{2, 2}));
  EXPECT_EQ(inputs(npy<float>("<f4", "(1, 3, 1, 2)", {1, 2, 3, 4, 5, 6})).image_size, (ImageSize{3, 1}));
  EXPECT_EQ(inputs(npy<float>("<f4", "(2, 2)", {1, 2, 3, 4})).image_size, std::nullopt);
}

TEST(NpyReader, FortranOrder) {
  // [[1, 2, 3], [4, 5, 6]] by columns.
  const std::string bytes = npy<float>("<f4", "(2, 3)", {1, 4, 2, 5, 3, 6}, true);
  EXPECT_EQ(floats(bytes), (Values{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(inputs(bytes).features, 3U);
  std::vector<std::uint8_t> columns;
  for (int j = 0; j < 70; ++j)
    for (int i = 0; i < 100; ++i) columns.push_back(static_cast<std::uint8_t>((i * 31 + j) % 251));
  const auto turned = inputs(npy<std::uint8_t>("|u1", "(100, 70)", columns, true));
  for (int i = 0; i < 100; ++i)
    for (int j = 0; j < 70; ++j) ASSERT_EQ(turned.bytes[static_cast<std::size_t>(i * 70 + j)], (i * 31 + j) % 251);
  EXPECT_TRUE(contains(error(npy<float>("<f4", "(1, 1, 2)", {1, 2}, true)), "3 dimensions in Fortran order"));
}

TEST(NpyReader, Versions) {
  const std::string header = npy_header("<f4", "(1, 2)");
  for (const char version : {'\1', '\2', '\3'})
    EXPECT_EQ(floats(npy_with_header(header, elements<float>({5, 6}), version)), (Values{5, 6}));
  EXPECT_TRUE(contains(error(npy_with_header(header, elements<float>({5, 6}), 4)),
                       "format version 4.0; Gradus reads 1.0, 2.0 and 3.0"));
}

TEST(NpyReader, HeadersInOtherForms) {
  for (const char* header : {"{\"shape\": (1, 2), \"descr\": \"<f4\", \"fortran_order\": False}",
                             "{'descr':'<f4','fortran_order':False,'shape':(1,2,),}",
                             " {\n'descr' : '<f4' ,\t'fortran_order' : False , 'shape' : ( 1L , 2L ) }\n\n"})
    EXPECT_EQ(floats(npy_with_header(header, elements<float>({5, 6}))), (Values{5, 6})) << header;
}

TEST(NpyReader, WrongHeaders) {
  const auto wrong = [](const std::string& header) { return error(npy_with_header(header, "        ")); };
  for (const char* header : {"",
                             "{",
                             "{}",
                             "[]",
                             "{'descr': '<f4'}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)} x",
                             "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)}",
                             "{'descr': '<f4', 'fortran_order': 0, 'shape': (1, 2)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': 2}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
                             "{'descr': '<f4' 'fortran_order': False, 'shape': (1, 2)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,)}",
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), 'more': 1}",
                             "{'descr': '<f4",
                             "{'de\\scr': '<f4', 'fortran_order': False, 'shape': (1, 2)}",
                             "{,'descr': '<f4', 'fortran_order': False, 'shape': (1, 2)}"})
    EXPECT_TRUE(contains(wrong(header), "x.npy: the header of this NPY file is wrong: ")) << header << ": " << wrong(header);
  for (const char* type : {"<f2", "<c8", "<U5", "|b1", "<i2", "|O", "f4", "", "|f4", "<M8[ns]"})
    EXPECT_TRUE(contains(wrong(npy_header(type, "(1, 2)")), "Gradus reads float32, float64, uint8, int32 and int64"))
        << type;
  EXPECT_TRUE(
      contains(wrong("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 2)}"), "holds a structured type"));
  EXPECT_TRUE(contains(wrong(npy_header("<f4", "()")), "a single number, not an array"));
}

TEST(NpyReader, Truncated) {
  const std::string whole = npy<float>("<f4", "(2, 2)", {1, 2, 3, 4});
  EXPECT_EQ(error(whole.substr(0, whole.size() - 1)),
            "x.npy: truncated: the header declares an array of 2 × 2 (16 bytes), and only 15 follow");
  EXPECT_EQ(error(whole + "x"), "x.npy: the header declares an array of 2 × 2 (16 bytes), and more follow");
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_NE(error(whole.substr(0, size)), "no error") << size;
  EXPECT_TRUE(contains(error(whole.substr(0, 40)), "truncated: it ends within its header"));
}

TEST(NpyReader, WhatTheFileDoesNotHoldIsNotAllocated) {
  std::string header_only = "\x93NUMPY";
  header_only += std::string("\x02\x00\xFF\xFF\xFF\xFF{", 7);
  EXPECT_TRUE(
      contains(error(header_only), "the header of this NPY file has 4,294,967,295 bytes; more than 65,536 are not read"));
  EXPECT_TRUE(contains(error(npy<float>("<f4", "(1000000000000, 100000)", {1})), "and only 4 follow"));
  EXPECT_TRUE(contains(error(npy<float>("<f4", "(10000000000000000, 100000)", {1})), "more than any memory holds"));
  EXPECT_TRUE(contains(error(npy<float>("<f4", "(0, 5)", {})), "no samples: the header says 0 × 5"));
  EXPECT_TRUE(contains(error(npy<float>("<f4", "(60, 0)", {})), "samples without features: the header says 60 × 0"));
}

TEST(NpyReader, NotFiniteAndTooLarge) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(inputs(npy<float>("<f4", "(2, 2)", {1, 2, nan, nan})).first_missing,
            "x.npy: row 2, column 1 (counted from 1): nan is not a finite number");
  EXPECT_EQ(inputs(npy<float>("<f4", "(2, 2)", {1, 2, nan, 4}, true)).first_missing,
            "x.npy: row 1, column 2 (counted from 1): nan is not a finite number");
  EXPECT_EQ(inputs(npy<float>("<f4", "(2, 2)", {1, 2, 3, 4})).first_missing, "");
  EXPECT_EQ(error(npy<double>("<f8", "(2,)", {1, -INFINITY})),
            "x.npy: row 2, column 1 (counted from 1): -inf is not a finite number");
  EXPECT_EQ(error(npy<double>("<f8", "(2,)", {1e39, 0})),
            "x.npy: row 1, column 1 (counted from 1): 1e+39 is too large for a 32-bit float");
}

TEST(NpyReader, ManyChunks) {
  std::vector<double> values(500'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i) / 8;
  const Values read = floats(npy<double>("<f8", "(50000, 10)", values));
  ASSERT_EQ(read.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(read[i], static_cast<float>(values[i]));
}

class NpyPair : public ::testing::Test {
 protected:
  std::string pair(const std::string& x, const std::string& y) const {
    testing_support::write_bytes(folder_ / "x.npy", x);
    testing_support::write_bytes(folder_ / "y.npy", y);
    return (folder_ / "x.npy").string() + "," + (folder_ / "y.npy").string();
  }
  testing_support::TemporaryFolder folder_;
  const std::string x_ = npy<float>("<f4", "(3, 2)", {1, 2, 3, 4, 5, 6});
};

TEST_F(NpyPair, WholeNumbersAreClasses) {
  for (const std::string& y : {npy<std::int64_t>("<i8", "(3,)", {7, -1, 7}), npy<double>("<f8", "(3, 1)", {7, -1, 7}),
                               gzipped(npy<std::int32_t>("<i4", "(3,)", {7, -1, 7}))}) {
    const Dataset data = Dataset::load(pair(x_, y));
    EXPECT_EQ(data.task(), Task::classification);
    EXPECT_EQ(data.schema().class_names, (Names{"-1", "7"}));
    EXPECT_EQ(labels_of(data), (Labels{1, 0, 1}));
    EXPECT_EQ(inputs_of(data, 1), (Values{3, 4}));
  }
}

TEST_F(NpyPair, WholeNumbersThatADoubleSkipsAreNoClasses) {
  const auto y = npy<std::int64_t>("<i8", "(3,)", {1, 9'007'199'254'740'993, 9'007'199'254'740'992});
  EXPECT_TRUE(
      contains(message_of([&] { Dataset::load(pair(x_, y)); }),
               "y.npy: row 2: about 9007199254740992: whole numbers beyond 2^53 are not exact and cannot be classes"));
  EXPECT_EQ(Dataset::load(pair(x_, y), {.task = Task::regression}).task(), Task::regression);
  EXPECT_TRUE(contains(message_of([&] { Dataset::load(pair(x_, npy<float>("<f4", "(3, 0)", {}))); }),
                       "y.npy: samples without targets: the header says 3 × 0"));
}

TEST_F(NpyPair, Regression) {
  EXPECT_EQ(targets_of(Dataset::load(pair(x_, npy<float>("<f4", "(3,)", {1, 2.5, 3})))), (Values{1, 2.5, 3}));
  EXPECT_EQ(targets_of(Dataset::load(pair(x_, npy<float>("<f4", "(3,)", {1, 2, 1})), {.task = Task::regression})),
            (Values{1, 2, 1}));
  const Dataset several = Dataset::load(pair(x_, npy<std::int32_t>("<i4", "(3, 2)", {1, 2, 3, 4, 5, 6}, true)));
  EXPECT_EQ(several.task(), Task::regression);
  EXPECT_EQ(several.schema().outputs(), 2U);
  EXPECT_EQ(several.target(0, 1), 4.0F);
  EXPECT_EQ(several.target(2, 1), 6.0F);
}

TEST_F(NpyPair, ClassesWhenAsked) {
  const Dataset data = Dataset::load(pair(x_, npy<float>("<f4", "(3,)", {1, 2.5, 1})), {.task = Task::classification});
  EXPECT_EQ(data.schema().class_names, (Names{"1", "2.5"}));
  EXPECT_TRUE(
      contains(message_of([&] {
                 Dataset::load(pair(x_, npy<float>("<f4", "(3, 2)", {1, 2, 3, 4, 5, 6})), {.task = Task::classification});
               }),
               "y.npy: 2 targets per sample; classification needs one"));
}

TEST_F(NpyPair, Mistakes) {
  const auto load_error = [&](const std::string& y) { return message_of([&] { Dataset::load(pair(x_, y)); }); };
  EXPECT_TRUE(contains(load_error(npy<float>("<f4", "(2,)", {1, 2})), "y.npy has 2 targets"));
  EXPECT_TRUE(contains(load_error(npy<float>("<f4", "(3,)", {1, NAN, 2})),
                       "y.npy: row 2, column 1 (counted from 1): nan is not a finite number"));
  EXPECT_TRUE(contains(load_error(npy<double>("<f8", "(3,)", {1.5, 1e300, 2})),
                       "y.npy: row 2: 1e+300 is too large for a 32-bit float"));
  EXPECT_TRUE(contains(load_error(npy<float>("<f4", "(3,)", {1, 1, 1})), "y.npy: every label is 1"));
  EXPECT_TRUE(contains(load_error(npy<float>("<f4", "(3, 1, 1)", {1, 1, 1})), "y.npy: targets need one or two dimensions"));
  EXPECT_TRUE(contains(message_of([&] { Dataset::load(folder_ / "x.npy"); }), "x.npy: an NPY file holds one array"));
}

TEST_F(NpyPair, MatchesAModel) {
  const DataSchema schema = Dataset::load(pair(x_, npy<std::int32_t>("<i4", "(3,)", {3, 5, 3}))).schema();
  const std::string x = npy<std::uint8_t>("|u1", "(2, 2)", {9, 8, 7, 6});
  const Dataset data = load_matching(pair(x, npy<double>("<f8", "(2,)", {5, 3})), schema, Targets::required);
  EXPECT_EQ(labels_of(data), (Labels{1, 0}));
  EXPECT_TRUE(data.holds_bytes());
  EXPECT_EQ(data.schema(), schema);
  EXPECT_FALSE(load_matching(folder_ / "x.npy", schema, Targets::optional).has_targets());
  EXPECT_TRUE(contains(message_of([&] {
                         return load_matching(pair(x, npy<double>("<f8", "(2,)", {5, 4})), schema, Targets::required);
                       }),
                       "y.npy: row 2: '4' is not one of the model's classes: '3' and '5'"));
  EXPECT_TRUE(
      contains(message_of([&] {
                 return load_matching(pair(x, npy<double>("<f8", "(2, 2)", {5, 4, 5, 4})), schema, Targets::required);
               }),
               "y.npy: 2 targets per sample, and the model needs one class"));
}

TEST_F(NpyPair, MatchesARegression) {
  const DataSchema schema = Dataset::load(pair(x_, npy<float>("<f4", "(3, 2)", {1, 2, 3, 4, 5, 6}))).schema();
  EXPECT_EQ(targets_of(load_matching(pair(x_, npy<float>("<f4", "(3, 2)", {1, 1, 1, 1, 1, 1})), schema, Targets::required)),
            Values(6, 1));
  EXPECT_TRUE(contains(message_of([&] {
                         return load_matching(pair(x_, npy<float>("<f4", "(3,)", {1, 1, 1})), schema, Targets::required);
                       }),
                       "y.npy: 1 target per sample, and the model has 2"));
}

/// A file of the folder.
void write_file(const testing_support::TemporaryFolder& folder, const char* name, const std::string& bytes) {
  std::ofstream(folder.path() / name, std::ios::binary) << bytes;
}

std::string pair_in(const testing_support::TemporaryFolder& folder, const char* inputs, const char* targets) {
  return (folder.path() / inputs).string() + "," + (folder.path() / targets).string();
}

/// NaN is a missing value where these may be.
TEST(NpyData, MayLackValues) {
  const testing_support::TemporaryFolder folder;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  write_file(folder, "x.npy", npy<float>("<f4", "(4, 2)", {1, nan, 2, 5, 3, nan, 4, 7}));
  write_file(folder, "y.npy", npy<float>("<f4", "(4,)", {0, 1, 0, 1}));
  const Dataset loaded = Dataset::load(pair_in(folder, "x.npy", "y.npy"));
  EXPECT_TRUE(contains(message_of([&] { static_cast<void>(loaded.with_missing(Missing::error)); }),
                       "row 1, column 2 (counted from 1): nan is not a finite number; choose what replaces missing values"));
  const Dataset data = loaded.with_missing(Missing::indicator);
  EXPECT_EQ(data.schema().missing, Missing::indicator);
  EXPECT_EQ(data.schema().indicators, std::vector<std::size_t>{1});
  EXPECT_EQ(data.schema().inputs(), 3U);
  ASSERT_EQ(data.notes().size(), 1U);
  EXPECT_TRUE(contains(data.notes().front(), "missing values: 2 in column 2"));
  // Infinity stays an error, and so does a missing target.
  write_file(folder, "i.npy", npy<float>("<f4", "(1, 2)", {1, std::numeric_limits<float>::infinity()}));
  write_file(folder, "n.npy", npy<float>("<f4", "(1,)", {nan}));
  write_file(folder, "one.npy", npy<float>("<f4", "(1, 2)", {1, 2}));
  const auto error = [&](const char* inputs, const char* targets) {
    return message_of([&] { Dataset::load(pair_in(folder, inputs, targets)); });
  };
  EXPECT_TRUE(contains(error("i.npy", "y.npy"), "inf is not a finite number"));
  EXPECT_TRUE(contains(error("one.npy", "n.npy"), "nan is not a finite number"));
  // Later data may lack values too; a model that was trained without missing values refuses such data.
  const DataSchema without = Dataset::load(pair_in(folder, "one.npy", "one.npy"), {.task = Task::regression}).schema();
  EXPECT_EQ(without.missing, Missing::error);
  const std::string later = (folder.path() / "x.npy").string();
  EXPECT_TRUE(load_matching(later, without, Targets::optional).first_missing());
  EXPECT_EQ(load_matching(later, data.schema(), Targets::optional).samples(), 4U);
}

TEST(NpyData, ColumnsOfZerosAndOnesAreLabels) {
  const testing_support::TemporaryFolder folder;
  write_file(folder, "x.npy", npy<float>("<f4", "(2, 1)", {1, 2}));
  write_file(folder, "labels.npy", npy<float>("<f4", "(2, 2)", {1, 0, 1, 1}));
  write_file(folder, "numbers.npy", npy<float>("<f4", "(2, 2)", {1, 0, 1, 2}));
  const auto load = [&](const char* targets, std::optional<Task> task) {
    return Dataset::load(pair_in(folder, "x.npy", targets), {.task = task});
  };
  const Dataset labels = load("labels.npy", std::nullopt);
  EXPECT_EQ(labels.task(), Task::multi_label);
  EXPECT_EQ(labels.schema().outputs(), 2U);
  EXPECT_EQ(labels.target(1, 1), 1.0F);
  EXPECT_EQ(load("labels.npy", Task::regression).task(), Task::regression);
  EXPECT_EQ(load("numbers.npy", std::nullopt).task(), Task::regression);
  EXPECT_TRUE(contains(message_of([&] { load("numbers.npy", Task::multi_label); }),
                       "row 2, column 2 (counted from 1): 2 is not a label"));
  EXPECT_TRUE(contains(message_of([&] {
                         static_cast<void>(
                             load_matching(pair_in(folder, "x.npy", "numbers.npy"), labels.schema(), Targets::required));
                       }),
                       "is not a label"));
}

}  // namespace
}  // namespace gradus
