#include "data/prepare/quantiles.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

QuantileMap learnt_from(std::vector<float> values) {
  return learn_quantiles(values);
}

// Φ⁻¹ at 1/6, 1/2, 5/6, from a table.
constexpr float kSixth = -0.967421566F;

TEST(Quantiles, FewValuesAreTheirRanks) {
  const QuantileMap map = learnt_from({1000, 1, 10});
  EXPECT_EQ(map.from, (std::vector<float>{1, 10, 1000}));
  EXPECT_NEAR(map(1), kSixth, 1e-6);
  EXPECT_NEAR(map(10), 0, 1e-6);
  EXPECT_NEAR(map(1000), -kSixth, 1e-6);
}

TEST(Quantiles, BetweenPointsTheMapIsLinearAndBeyondThemConstant) {
  const QuantileMap map = learnt_from({1, 10, 1000});
  EXPECT_NEAR(map(5.5F), kSixth / 2, 1e-6);
  EXPECT_EQ(map(-1e30F), map(1));
  EXPECT_EQ(map(1e30F), map(1000));
}

TEST(Quantiles, EqualValuesShareTheMeanOfTheirRanks) {
  const QuantileMap map = learnt_from({7, 7, 7, 9});
  ASSERT_EQ(map.from, (std::vector<float>{7, 9}));
  // Φ⁻¹ at 1/8, 3/8, 5/8: the last two cancel.
  EXPECT_NEAR(map(7), -1.15034938 / 3, 1e-6);
  EXPECT_NEAR(map(9), 1.15034938, 1e-6);
  EXPECT_EQ(learnt_from({5, 5}).to, std::vector<float>{0});
}

TEST(Quantiles, ManyValuesBecomeNormal) {
  std::vector<float> values;
  for (int i = 0; i < 10'000; ++i)
    values.push_back(std::exp(static_cast<float>(i % 100) / 10.0F) + static_cast<float>(i) * 1e-5F);
  const QuantileMap map = learnt_from(values);
  EXPECT_LE(map.from.size(), 256U);
  double sum = 0;
  double squares = 0;
  for (const float value : values) {
    const auto mapped = static_cast<double>(map(value));
    sum += mapped;
    squares += mapped * mapped;
  }
  EXPECT_NEAR(sum / 10'000, 0, 0.01);
  EXPECT_NEAR(squares / 10'000, 1, 0.05);  // the ends are cut off
}

TEST(Quantiles, StaysFiniteAtTheEndsOfTheFloats) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  const QuantileMap map = learnt_from({-kLargest, kLargest});
  EXPECT_NEAR(map(0), 0, 1e-6);
  EXPECT_EQ(map(kLargest), -map(-kLargest));
}

TEST(Quantiles, NothingIsLeftAsItIs) {
  EXPECT_TRUE(learnt_from({}).empty());
  EXPECT_EQ(QuantileMap()(3.5F), 3.5F);
}

}  // namespace
}  // namespace gradus::internal
