#include "data/arrays/idx_reader.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/temporary_folder.hpp"
#include "data/data_testing.hpp"

namespace gradus {
namespace {

using testing_support::contains;
using testing_support::gzipped;
using testing_support::inputs_of;
using testing_support::labels_of;
using testing_support::message_of;
using testing_support::optional_data;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;
using Values = std::vector<float>;
using Labels = std::vector<std::int32_t>;
using Names = std::vector<std::string>;

std::string idx(const std::vector<std::uint32_t>& sizes, std::string_view elements, char type = 8) {
  std::string bytes{'\0', '\0', type, static_cast<char>(sizes.size())};
  for (const std::uint32_t size : sizes)
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(size >> shift & 0xFFU);
  return bytes.append(elements);
}

std::string images_error(const std::string& bytes) {
  return message_of([&] { return internal::read_idx_images(*internal::source_from_memory("i.idx", bytes)); });
}

std::string labels_error(const std::string& bytes) {
  return message_of([&] { return internal::read_idx_labels(*internal::source_from_memory("l.idx", bytes)); });
}

TEST(IdxReader, Images) {
  const auto images = internal::read_idx_images(*internal::source_from_memory("i", idx({2, 1, 3}, "abcdef")));
  EXPECT_EQ(images.samples, 2U);
  EXPECT_EQ(images.features, 3U);
  ASSERT_EQ(images.bytes.size(), 6U);
  EXPECT_EQ(images.bytes[5], 'f');
  EXPECT_EQ(internal::read_idx_images(*internal::source_from_memory("i", idx({3, 2}, "abcdef"))).features, 2U);
}

TEST(IdxReader, WrongHeaders) {
  EXPECT_EQ(images_error(std::string("\x01\x00\x08\x03", 4)),
            "i.idx: this is not an IDX file: it begins with 01 00, and an IDX file with 00 00");
  EXPECT_TRUE(contains(images_error("ab"), "i.idx: this is not an IDX file"));
  EXPECT_EQ(images_error(idx({1, 1}, "abcd", 0x0D)),
            "i.idx: this IDX file holds 32-bit floats (type 0x0d); Gradus reads unsigned bytes (type 0x08)");
  EXPECT_TRUE(contains(images_error(idx({1, 1}, "a", 0x0A)), "a type that IDX does not have (type 0x0a)"));
  EXPECT_TRUE(contains(images_error(idx({4}, "abcd")), "images need two or more dimensions, and this IDX file has 1"));
  EXPECT_TRUE(contains(labels_error(idx({2, 2}, "abcd")), "labels need one dimension, and this IDX file has 2"));
  EXPECT_TRUE(contains(images_error(idx({4, 4, 4}, "").substr(0, 10)), "truncated: its header declares 3 dimensions"));
}

TEST(IdxReader, SizesThatDoNotFit) {
  EXPECT_EQ(images_error(idx({60'000, 28, 28}, "abc")),
            "i.idx: truncated: the header declares 60,000 × 28 × 28 (47,040,000 bytes), and only 3 follow");
  EXPECT_EQ(images_error(idx({1, 2}, "abc")), "i.idx: the header declares 1 × 2 (2 bytes), and more follow");
  EXPECT_EQ(labels_error(idx({2}, "abc")), "l.idx: the header declares 2 (2 bytes), and more follow");
  EXPECT_EQ(images_error(idx({0, 28, 28}, "")), "i.idx: no samples: the header says 0 × 28 × 28");
  EXPECT_EQ(images_error(idx({5, 0}, "")), "i.idx: samples without features: the header says 5 × 0");
}

TEST(IdxReader, HugeSizesAllocateNothing) {
  const std::uint32_t most = 0xFFFFFFFF;
  EXPECT_TRUE(contains(images_error(idx({most, most, most}, "abc")), "more than any memory holds"));
  // 2^62 bytes fit into the count; the file ends before.
  EXPECT_TRUE(contains(images_error(idx({0x40000000, 0x40000000}, "abc")), "and only 3 follow"));
  EXPECT_TRUE(contains(images_error(idx(std::vector<std::uint32_t>(255, 2), "abc")), "more than any memory holds"));
}

class IdxPair : public ::testing::Test {
 protected:
  std::string pair(const std::string& images, const std::string& labels) const {
    write_bytes(folder_ / "i.idx", images);
    write_bytes(folder_ / "l.idx", labels);
    return (folder_ / "i.idx").string() + "," + (folder_ / "l.idx").string();
  }
  TemporaryFolder folder_;
};

TEST_F(IdxPair, Loads) {
  const Dataset data = Dataset::load(pair(idx({3, 1, 2}, "abcdef"), gzipped(idx({3}, {"\2\0\2", 3}))));
  EXPECT_TRUE(data.holds_bytes());
  EXPECT_EQ(inputs_of(data, 2), (Values{'e', 'f'}));
  EXPECT_EQ(labels_of(data), (Labels{2, 0, 2}));
  // Class 1 keeps its place although no sample has it.
  EXPECT_EQ(data.schema().class_names, (Names{"0", "1", "2"}));
  EXPECT_TRUE(data.schema().feature_names.empty());
}

TEST_F(IdxPair, LabelsAsNumbersWhenAsked) {
  const Dataset data = Dataset::load(pair(idx({2, 2}, "abcd"), idx({2}, {"\7\2", 2})), {.task = Task::regression});
  EXPECT_EQ(testing_support::targets_of(data), (Values{7, 2}));
}

TEST_F(IdxPair, Mistakes) {
  const std::string images = idx({2, 2}, "abcd");
  EXPECT_TRUE(contains(message_of([&] { Dataset::load(pair(images, idx({3}, "abc"))); }), "i.idx has 2 samples and "));
  EXPECT_TRUE(contains(message_of([&] { Dataset::load(pair(images, idx({3}, "abc"))); }), "l.idx has 3 targets"));
  EXPECT_TRUE(contains(message_of([&] { Dataset::load(pair(images, idx({2}, "\3\3"))); }), "l.idx: every label is 3"));
  EXPECT_TRUE(contains(message_of([&] { Dataset::load(pair(images, "1,2\n")); }), "l.idx: neither an IDX nor an NPY file"));
  EXPECT_TRUE(contains(message_of([&] { Dataset::load(pair("1,2\n", images)); }), "i.idx: neither an IDX nor an NPY file"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] { Dataset::load(pair(images, idx({2}, "\0\1")), {.target = "1"}); }),
                       "a target column applies only to CSV and TSV files"));
}

TEST_F(IdxPair, MatchesAModel) {
  const DataSchema schema = Dataset::load(pair(idx({2, 2}, "abcd"), idx({2}, {"\0\2", 2}))).schema();
  const Dataset data = load_matching(pair(idx({1, 2}, "xy"), idx({1}, "\1")), schema, Targets::required);
  EXPECT_EQ(labels_of(data), Labels{1});
  EXPECT_EQ(data.schema(), schema);
  EXPECT_TRUE(contains(message_of([&] {
                         return load_matching(pair(idx({1, 2}, "xy"), idx({1}, "\5")), schema, Targets::required);
                       }),
                       "l.idx: row 1: '5' is not one of the model's classes: '0', '1' and '2'"));
  EXPECT_TRUE(contains(message_of([&] {
                         return load_matching(pair(idx({1, 3}, "xyz"), idx({1}, "\1")), schema, Targets::required);
                       }),
                       "i.idx: 3 features per sample, and the model needs 2"));
}

TEST_F(IdxPair, ImagesAloneAreEnoughToPredict) {
  const DataSchema schema = Dataset::load(pair(idx({2, 2}, "abcd"), idx({2}, {"\0\2", 2}))).schema();
  const std::string images = (folder_ / "i.idx").string();
  EXPECT_FALSE(load_matching(images, schema, Targets::optional).has_targets());
  EXPECT_TRUE(contains(message_of([&] { return load_matching(images, schema, Targets::required); }),
                       "give both as IMAGES.idx,LABELS.idx"));
  EXPECT_TRUE(contains(message_of([&] { Dataset::load(images); }), "i.idx: an IDX file holds images or labels"));
  EXPECT_FALSE(load_matching(pair(idx({1, 2}, "xy"), "nonsense"), schema, Targets::optional).has_targets());
}

class MnistLayout : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& bytes) { write_bytes(folder_ / name, bytes); }
  void write_all(const std::string& separator, const std::string& ending) {
    const auto packed = [&](const std::string& bytes) { return ending.empty() ? bytes : gzipped(bytes); };
    write("train-images" + separator + "idx3-ubyte" + ending, packed(idx({3, 1, 2}, "abcdef")));
    write("train-labels" + separator + "idx1-ubyte" + ending, packed(idx({3}, {"\0\1\2", 3})));
    write("t10k-images" + separator + "idx3-ubyte" + ending, packed(idx({1, 1, 2}, "xy")));
    write("t10k-labels" + separator + "idx1-ubyte" + ending, packed(idx({1}, "\1")));
  }
  TemporaryFolder folder_;
};

TEST_F(MnistLayout, BothPartsWhateverTheNames) {
  for (const std::string separator : {"-", "."}) {
    for (const std::string ending : {"", ".gz"}) {
      const TemporaryFolder empty;
      write_all(separator, ending);
      const DataSplits splits = load_splits(folder_.path());
      EXPECT_EQ(splits.train.samples(), 3U);
      ASSERT_TRUE(splits.test.has_value());
      EXPECT_EQ(labels_of(*splits.test), Labels{1});
      EXPECT_EQ(splits.test->schema(), splits.train.schema());
      EXPECT_EQ(Dataset::load(folder_.path()).samples(), 3U);
      EXPECT_TRUE(splits.test->notes().empty());
      const Dataset matched = load_matching(folder_.path(), splits.train.schema(), Targets::required);
      EXPECT_EQ(matched.samples(), 1U);
      EXPECT_EQ(matched.notes(), Names{folder_.path().string() + ": the folder's test set is used"});
      for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) std::filesystem::remove(entry);
    }
  }
}

TEST_F(MnistLayout, MissingFilesAreNamed) {
  EXPECT_TRUE(contains(message_of([&] { return load_splits(folder_.path()); }),
                       folder_.path().string() + ": this folder has no IDX files"));
  write_all("-", "");
  const DataSchema schema = Dataset::load(folder_.path()).schema();
  std::filesystem::remove(folder_ / "t10k-labels-idx1-ubyte");
  EXPECT_TRUE(contains(message_of<FileError>([&] { return load_splits(folder_.path()); }),
                       "this folder lacks 't10k-labels-idx1-ubyte'"));
  EXPECT_EQ(Dataset::load(folder_.path()).samples(), 3U);
  EXPECT_EQ(load_matching(folder_.path(), schema, Targets::optional).samples(), 1U);
  std::filesystem::remove(folder_ / "train-images-idx3-ubyte");
  EXPECT_TRUE(contains(message_of<FileError>([&] { Dataset::load(folder_.path()); }),
                       "this folder lacks 'train-images-idx3-ubyte' and 't10k-labels-idx1-ubyte'"));
}

TEST(Mnist, LoadsWhenPresent) {
  if (!std::filesystem::exists(optional_data("mnist"))) GTEST_SKIP() << "skipped: MNIST is not there";
  const DataSplits splits = load_splits(optional_data("mnist"));
  EXPECT_EQ(splits.train.samples(), 60'000U);
  EXPECT_EQ(splits.train.features(), 784U);
  EXPECT_EQ(splits.train.image_size(), (ImageSize{28, 28}));
  EXPECT_EQ(splits.test->samples(), 10'000U);
  EXPECT_EQ(splits.train.class_index(0), 5);
  EXPECT_EQ(splits.test->class_index(0), 7);
}

TEST(IdxReader, Wording) {
  EXPECT_EQ(images_error(idx({50, 0, 4}, "")), "i.idx: samples without features: the header says 50 × 0 × 4");
  EXPECT_TRUE(contains(images_error(idx({4, 4}, "").substr(0, 6)), "and it ends within the size of dimension 1"));
}

TEST_F(IdxPair, BothHaveNames) {
  const std::string both = pair(idx({2, 2}, "abcd"), idx({2}, {"\0\1", 2}));
  const std::string images = both.substr(0, both.find(','));
  EXPECT_EQ(message_of<UsageError>([&] { Dataset::load(images + ","); }),
            images + ",: the second name of the pair is empty; a pair is IMAGES.idx,LABELS.idx or X.npy,Y.npy");
  EXPECT_TRUE(contains(message_of<UsageError>([&] { Dataset::load("," + images); }), "the first name of the pair is empty"));
}

}  // namespace
}  // namespace gradus
