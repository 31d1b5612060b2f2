#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "base/temporary_folder.hpp"
#include "data/data_testing.hpp"
#include "data/dataset/access.hpp"
#include "data/dataset/storage.hpp"
#include "gradus/loading.hpp"

namespace gradus {
namespace {

using testing_support::contains;
using testing_support::inputs_of;
using testing_support::labels_of;
using testing_support::message_of;
using testing_support::targets_of;
using Values = std::vector<float>;
using Labels = std::vector<std::int32_t>;
using Names = std::vector<std::string>;

TEST(DatasetFromArrays, Classification) {
  const Dataset data = Dataset::classification(Values{1, 2, 3, 4}, 2, Labels{2, 0});
  EXPECT_EQ(data.samples(), 2U);
  EXPECT_EQ(inputs_of(data, 1), (Values{3, 4}));
  EXPECT_EQ(labels_of(data), (Labels{2, 0}));
  EXPECT_EQ(data.schema().class_names, (Names{"0", "1", "2"}));
  EXPECT_TRUE(internal::rows_of(data).empty());
  const Dataset named = Dataset::classification(std::vector<std::uint8_t>{1, 2, 3, 255}, 2, Labels{1, 0}, {"no", "yes"});
  EXPECT_TRUE(named.holds_bytes());
  EXPECT_EQ(inputs_of(named, 1), (Values{3, 255}));
  EXPECT_EQ(named.schema().class_names, (Names{"no", "yes"}));
}

TEST(DatasetFromArrays, Regression) {
  const Dataset data = Dataset::regression(Values{1, 2, 3, 4}, 2, Values{5, 6, 7, 8}, 2);
  EXPECT_EQ(data.task(), Task::regression);
  EXPECT_EQ(data.schema().outputs(), 2U);
  EXPECT_EQ(targets_of(data), (Values{5, 6, 7, 8}));
}

TEST(DatasetFromArrays, SizesThatDoNotFit) {
  const Values inputs{1, 2, 3, 4};
  EXPECT_TRUE(contains(message_of<UsageError>([&] { Dataset::classification(inputs, 3, Labels{0}); }),
                       "4 inputs cannot be split into samples of 3 features"));
  EXPECT_TRUE(
      contains(message_of<UsageError>([&] { Dataset::classification(inputs, 0, Labels{0}); }), "at least one feature"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] { Dataset::classification(inputs, 2, Labels{0}); }),
                       "2 samples need 2 targets, and there are 1"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] {
                         Dataset::regression(inputs, 2, Values{1, 2, 3}, 2);
                       }),
                       "2 samples need 4 targets, and there are 3"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] { Dataset::regression(inputs, 2, Values{}, 0); }), "at least one target"));
  EXPECT_EQ(message_of([&] { Dataset::regression(Values{}, 2, Values{}); }), "no samples");
}

TEST(DatasetFromArrays, ValuesThatCannotBe) {
  const Values inputs{1, 2, 3, 4};
  EXPECT_TRUE(contains(message_of([&] {
                         Dataset::classification(inputs, 2, Labels{0, -1});
                       }),
                       "sample 1 (counted from 0): class index -1"));
  EXPECT_TRUE(contains(message_of([&] {
                         Dataset::classification(inputs, 2, Labels{0, 2}, {"a", "b"});
                       }),
                       "sample 1 (counted from 0): class index 2, and there are 2 classes"));
  EXPECT_TRUE(contains(message_of([&] {
                         Dataset::classification(inputs, 2, Labels{0, 2'000'000'000});
                       }),
                       "at most 65,536 classes"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] {
                         Dataset::classification(inputs, 2, Labels{0, 1}, {"a", "a"});
                       }),
                       "classes 0 and 1 (counted from 0) have the same name, 'a'"));
  EXPECT_TRUE(contains(message_of([&] {
                         Dataset::classification(Values{1, 2, 3, NAN}, 2, Labels{0, 1});
                       }),
                       "sample 1, feature 1 (counted from 0): nan is not a finite number"));
  EXPECT_TRUE(contains(message_of([&] {
                         Dataset::regression(inputs, 2, Values{1, INFINITY});
                       }),
                       "sample 1, target 0 (counted from 0): inf is not a finite number"));
}

TEST(Dataset, AsksOnlyForWhatIsThere) {
  const Dataset data = Dataset::classification(Values{1, 2, 3, 4}, 2, Labels{1, 0});
  Values wrong(3);
  EXPECT_TRUE(contains(message_of<UsageError>([&] { data.copy_inputs(0, wrong); }), "room for 3 inputs"));
  EXPECT_TRUE(
      contains(message_of<UsageError>([&] { return data.class_index(2); }), "there is no sample 2; the data has 2 samples"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] { return data.target(0); }), "this data is for classification"));
  const Dataset numbers = Dataset::regression(Values{1, 2}, 1, Values{1, 2});
  EXPECT_TRUE(contains(message_of<UsageError>([&] { return numbers.target(0, 1); }), "there is no target 1"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] { return numbers.class_index(0); }), "this data is for regression"));
}

TEST(Dataset, CopiesShareTheSamples) {
  const Dataset data = Dataset::regression(Values{1, 2}, 1, Values{1, 2});
  const Dataset copy = data;
  EXPECT_EQ(&internal::storage_of(copy), &internal::storage_of(data));
}

class DatasetSources : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& bytes) const {
    testing_support::write_bytes(folder_ / name, bytes);
    return (folder_ / name).string();
  }
  testing_support::TemporaryFolder folder_;
};

TEST_F(DatasetSources, AFileWithACommaInItsName) {
  const std::string path = write("a,b.csv", "1,0\n2,1\n");
  EXPECT_EQ(Dataset::load(path).samples(), 2U);
}

TEST_F(DatasetSources, WhatIsNotThere) {
  EXPECT_EQ(message_of<FileError>([] { Dataset::load("missing.csv"); }),
            "missing.csv: cannot open this file: No such file or directory");
  EXPECT_EQ(message_of<FileError>([] { return load_splits("x,y"); }),
            "x,y: cannot open this file: No such file or directory");
  const std::string images = write("i", std::string("\0\0\10\2\0\0\0\1\0\0\0\1a", 13));
  EXPECT_EQ(message_of<FileError>([&] { Dataset::load(images + ",nowhere"); }),
            "nowhere: cannot open this file: No such file or directory");
  EXPECT_EQ(message_of<FileError>([&] { Dataset::load("nowhere," + images); }),
            "nowhere: cannot open this file: No such file or directory");
  EXPECT_TRUE(contains(message_of<UsageError>([] { Dataset::load(""); }), "empty"));
}

TEST_F(DatasetSources, EmptyFiles) {
  const std::string path = write("e.csv", "");
  EXPECT_EQ(message_of([&] { Dataset::load(path); }), path + ": this file is empty");
  const std::string packed = write("e.csv.gz", testing_support::gzipped(""));
  EXPECT_EQ(message_of([&] { Dataset::load(packed); }), packed + ": this file is empty");
}

TEST_F(DatasetSources, TruncatedGzip) {
  std::string text = "a,b\n";
  for (int i = 0; i < 10'000; ++i) text += std::to_string(i * 7919 % 10007) + "," + std::to_string(i % 2) + "\n";
  const std::string packed = testing_support::gzipped(text);
  const std::string path = write("t.csv.gz", packed.substr(0, packed.size() / 2));
  EXPECT_EQ(message_of([&] { Dataset::load(path); }),
            path + ": this gzip file is truncated: it ends within the compressed data");
}

TEST_F(DatasetSources, TheShippedDigits) {
  const Dataset data = Dataset::load(std::string(GRADUS_SOURCE_DIR) + "/data/digits.csv");
  EXPECT_EQ(data.samples(), 1797U);
  EXPECT_EQ(data.features(), 64U);
  EXPECT_EQ(data.schema().outputs(), 10U);
  EXPECT_EQ(data.schema().class_names.front(), "0");
  EXPECT_EQ(inputs_of(data, 0)[2], 5.0F);
}

TEST_F(DatasetSources, HousingWhenPresent) {
  const auto path = testing_support::optional_data("california_housing.csv");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: the housing data is not there";
  const Dataset data = Dataset::load(path);
  EXPECT_EQ(data.task(), Task::regression);
  EXPECT_EQ(data.samples(), 20'640U);
  EXPECT_EQ(data.target(0), 452'600.0F);
  EXPECT_EQ(inputs_of(data, 0)[0], -122.23F);
}

}  // namespace
}  // namespace gradus
