#include "report/statistics.hpp"

#include <array>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "report/baseline.hpp"

namespace gradus::report {
namespace {

TEST(Statistics, OfALargeMeanKeepTheDeviation) {
  ColumnStatistics column;
  for (const double value : {1e9, 1e9 + 1.0, 1e9 + 2.0}) column.add(value);
  EXPECT_EQ(column.count(), 3U);
  EXPECT_EQ(column.minimum(), 1e9);
  EXPECT_EQ(column.maximum(), 1e9 + 2.0);
  EXPECT_EQ(column.mean(), 1e9 + 1.0);
  EXPECT_NEAR(column.standard_deviation(), 0.816496580927726, 1e-12);
}

TEST(Statistics, OfNothingAreZero) {
  EXPECT_EQ(ColumnStatistics().standard_deviation(), 0.0);
}

TEST(Statistics, CountClassesAndLabels) {
  constexpr std::array<float, 3> kInputs{1.0F, 2.0F, 3.0F};
  const Dataset classes = Dataset::classification(kInputs, 1, std::array<std::int32_t, 3>{0, 1, 1});
  EXPECT_EQ(class_counts(classes), (std::vector<std::size_t>{1, 2}));
  const Dataset labels = Dataset::multi_label(kInputs, 1, std::array<std::uint8_t, 6>{1, 0, 1, 0, 1, 1}, 2);
  EXPECT_EQ(label_counts(labels), (std::vector<std::size_t>{3, 1}));
  EXPECT_EQ(label_names(labels.schema()), (std::vector<std::string>{"1", "2"}));
}

// Each is learnt from the first set and measured on the second.
TEST(Baseline, OfEachTask) {
  constexpr std::array<float, 4> kInputs{};
  const auto classes = [&](std::array<std::int32_t, 4> of) { return Dataset::classification(kInputs, 1, of, {"a", "b"}); };
  const Baseline of_classes = baseline(classes({0, 1, 1, 1}), classes({0, 0, 0, 1}));
  EXPECT_EQ(of_classes.most_frequent_class, 1U);
  EXPECT_EQ(of_classes.accuracy, 0.25);

  const auto labels = [&](std::array<std::uint8_t, 4> of) { return Dataset::multi_label(kInputs, 1, of, 1); };
  EXPECT_EQ(baseline(labels({1, 1, 1, 0}), labels({0, 0, 0, 1})).label_accuracy, 0.25);

  const auto numbers = [&](std::array<float, 4> of) { return Dataset::regression(kInputs, 1, of); };
  EXPECT_EQ(baseline(numbers({1.0F, 1.0F, 3.0F, 3.0F}), numbers({5.0F, 5.0F, -1.0F, -1.0F})).rmse, 3.0);
}

}  // namespace
}  // namespace gradus::report
