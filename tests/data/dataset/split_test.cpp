#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "data/data_testing.hpp"
#include "data/dataset/access.hpp"
#include "gradus/dataset.hpp"

namespace gradus {
namespace {

using testing_support::contains;
using testing_support::labels_of;
using testing_support::message_of;
using Values = std::vector<float>;
using Labels = std::vector<std::int32_t>;

/// One feature, the sample's number, and classes of these sizes, mixed.
Dataset with_classes(const std::vector<std::size_t>& sizes) {
  Labels labels;
  for (std::size_t k = 0; k < sizes.size(); ++k) labels.insert(labels.end(), sizes[k], static_cast<std::int32_t>(k));
  Labels mixed(labels.size());
  std::size_t at = 0;
  for (const auto label : labels) {
    mixed[at] = label;
    at = (at + 1) % labels.size();
  }
  for (std::size_t i = 0; i < mixed.size(); ++i) std::swap(mixed[i], mixed[i * 7919 % mixed.size()]);
  Values inputs(mixed.size());
  std::iota(inputs.begin(), inputs.end(), 0.0F);
  std::vector<std::string> names;
  for (std::size_t k = 0; k < sizes.size(); ++k) names.push_back(std::to_string(k));
  return Dataset::classification(inputs, 1, mixed, names);
}

std::vector<std::size_t> class_sizes(const Dataset& data) {
  std::vector<std::size_t> sizes(data.schema().class_names.size());
  for (const auto label : labels_of(data)) ++sizes[static_cast<std::size_t>(label)];
  return sizes;
}

std::vector<float> numbers(const Dataset& data) {
  std::vector<float> result;
  for (std::size_t i = 0; i < data.samples(); ++i) result.push_back(testing_support::inputs_of(data, i).front());
  return result;
}

void expect_disjoint_and_complete(const Dataset& whole, const std::pair<Dataset, Dataset>& parts) {
  std::vector<float> both = numbers(parts.first);
  EXPECT_TRUE(std::is_sorted(both.begin(), both.end()));
  const std::vector<float> second = numbers(parts.second);
  EXPECT_TRUE(std::is_sorted(second.begin(), second.end()));
  both.insert(both.end(), second.begin(), second.end());
  std::sort(both.begin(), both.end());
  EXPECT_EQ(both, numbers(whole));
}

TEST(DatasetFolds, HaveEachSampleOnceAndEveryClassAlike) {
  const Dataset data = with_classes({23, 7, 11, 1});
  const auto folds = data.folds(4, 3);
  ASSERT_EQ(folds.size(), 4U);
  std::vector<float> all;
  for (const auto& fold : folds) {
    expect_disjoint_and_complete(data, fold);
    const std::vector<float> part = numbers(fold.second);
    all.insert(all.end(), part.begin(), part.end());
    EXPECT_TRUE(part.size() == 10 || part.size() == 11);
    const auto sizes = class_sizes(fold.second);
    EXPECT_TRUE(sizes[0] == 5 || sizes[0] == 6);
    EXPECT_TRUE(sizes[1] == 1 || sizes[1] == 2);
    EXPECT_TRUE(sizes[2] == 2 || sizes[2] == 3);
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all, numbers(data));
}

TEST(DatasetFolds, AreDrawnByTheSeed) {
  const Dataset data = with_classes({20, 20});
  EXPECT_EQ(numbers(data.folds(5, 1)[2].second), numbers(data.folds(5, 1)[2].second));
  EXPECT_NE(numbers(data.folds(5, 1)[2].second), numbers(data.folds(5, 2)[2].second));
}

TEST(DatasetFolds, OfAPartAndOfOneSampleEach) {
  const Dataset part = with_classes({10, 10}).split(0.5, 1).second;
  const auto folds = part.folds(part.samples(), 1);
  for (const auto& fold : folds) {
    EXPECT_EQ(fold.second.samples(), 1U);
    expect_disjoint_and_complete(part, fold);
  }
}

TEST(DatasetFolds, AsManyAsThereCanBe) {
  const Dataset data = with_classes({3, 2});
  for (const std::size_t count : {0U, 1U, 6U})
    EXPECT_TRUE(contains(message_of<UsageError>([&] { static_cast<void>(data.folds(count, 0)); }), "folds of 5 samples"));
}

TEST(DatasetSplit, SharesEveryClassAlike) {
  const Dataset data = with_classes({50, 100, 250});
  const auto parts = data.split(0.2, 1);
  EXPECT_EQ(class_sizes(parts.second), (std::vector<std::size_t>{10, 20, 50}));
  EXPECT_EQ(class_sizes(parts.first), (std::vector<std::size_t>{40, 80, 200}));
  expect_disjoint_and_complete(data, parts);
  EXPECT_EQ(&internal::storage_of(parts.first), &internal::storage_of(data));
}

TEST(DatasetSplit, TheTotalIsTheRoundedFraction) {
  for (const auto& sizes :
       std::vector<std::vector<std::size_t>>{{3, 3, 3}, {7, 11, 13, 17}, {1, 1, 100}, {2, 2, 96}, {5, 5}}) {
    const Dataset data = with_classes(sizes);
    for (const double fraction : {0.1, 0.25, 0.333, 0.5}) {
      const auto parts = data.split(fraction, 3);
      EXPECT_EQ(parts.second.samples(),
                static_cast<std::size_t>(std::llround(fraction * static_cast<double>(data.samples()))));
      expect_disjoint_and_complete(data, parts);
      const auto first = class_sizes(parts.first);
      for (std::size_t k = 0; k < sizes.size(); ++k) EXPECT_GE(first[k], std::min<std::size_t>(sizes[k] - 1, 1));
    }
  }
}

TEST(DatasetSplit, KeepsAClassInTheFirstPartBeforeTheTotal) {
  const auto parts = with_classes({2, 2, 2, 2}).split(0.9, 0);
  EXPECT_EQ(class_sizes(parts.first), (std::vector<std::size_t>{1, 1, 1, 1}));
}

TEST(DatasetSplit, IsDrawnByTheSeed) {
  const Dataset data = with_classes({50, 50});
  EXPECT_EQ(numbers(data.split(0.3, 7).second), numbers(data.split(0.3, 7).second));
  EXPECT_NE(numbers(data.split(0.3, 7).second), numbers(data.split(0.3, 8).second));
}

TEST(DatasetSplit, Regression) {
  Values inputs(101);
  std::iota(inputs.begin(), inputs.end(), 0.0F);
  const Dataset data = Dataset::regression(inputs, 1, inputs);
  const auto parts = data.split(0.5, 2);
  EXPECT_EQ(parts.second.samples(), 51U);
  expect_disjoint_and_complete(data, parts);
  EXPECT_EQ(parts.second.target(0), numbers(parts.second).front());
}

TEST(DatasetSplit, OfAPart) {
  const Dataset data = with_classes({40, 60});
  const auto first = data.split(0.5, 1).first;
  const auto parts = first.split(0.2, 1);
  EXPECT_EQ(parts.second.samples(), 10U);
  EXPECT_EQ(class_sizes(parts.second), (std::vector<std::size_t>{4, 6}));
  std::vector<float> both = numbers(parts.first);
  const auto second = numbers(parts.second);
  both.insert(both.end(), second.begin(), second.end());
  std::sort(both.begin(), both.end());
  EXPECT_EQ(both, numbers(first));
  for (std::size_t i = 0; i < parts.second.samples(); ++i)
    EXPECT_EQ(parts.second.class_index(i), data.class_index(static_cast<std::size_t>(second[i])));
}

TEST(DatasetSplit, Mistakes) {
  const Dataset data = with_classes({2, 2});
  for (const double fraction : {0.0, 1.0, -0.5, 1.5, std::nan("")})
    EXPECT_TRUE(
        contains(message_of<UsageError>([&] { static_cast<void>(data.split(fraction, 0)); }), "must be between 0 and 1"));
  EXPECT_TRUE(contains(message_of([&] { static_cast<void>(data.split(0.1, 0)); }), "leaves a set empty"));
  EXPECT_TRUE(contains(message_of([&] { static_cast<void>(data.split(0.95, 0)); }), "leaves a set empty"));
}

}  // namespace
}  // namespace gradus
