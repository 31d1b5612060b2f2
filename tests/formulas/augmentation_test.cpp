// Dropout and mixup: the numbers of their formulas.
#include <cstdint>

#include <gtest/gtest.h>

#include "formulas/dropout.hpp"
#include "formulas/mixup.hpp"

namespace gradus::internal {
namespace {

TEST(Dropout, LeavesOutThePartThatItIsToldTo) {
  const RandomSequence draws(1, RandomPurpose::dropout, 0);
  EXPECT_EQ((Dropout{draws, 0.0F}).threshold(), 0U);
  EXPECT_EQ((Dropout{draws, 0.0F}).kept_factor(), 1.0F);
  EXPECT_EQ((Dropout{draws, 0.375F}).threshold(), 0x6000'0000U);
  EXPECT_EQ((Dropout{draws, 0.375F}).kept_factor(), 1.6F);
}

/// Quantiles of the uniform distribution, of which each number is its own.
SymmetricQuantiles uniform() {
  SymmetricQuantiles quantiles;
  for (std::uint32_t k = 0; k <= SymmetricQuantiles::kIntervals; ++k)
    quantiles.at[k] = static_cast<float>(k) / static_cast<float>(2 * SymmetricQuantiles::kIntervals);
  return quantiles;
}

TEST(SymmetricQuantiles, AreInterpolatedOnBothSidesOfAHalf) {
  const SymmetricQuantiles quantiles = uniform();
  for (const std::uint32_t word : {0U, 0x0012'3400U, 0x1fff'ff00U, 0x8000'0000U, 0x8000'0100U, 0xc000'0000U, 0xffff'ff00U})
    EXPECT_NEAR(quantiles.value(word), static_cast<double>(word) / 0x1p32, 1e-7) << word;
}

/// Number 1 is that of 1 / 512, here ¼: halfway to it the value is ⅛, and on the other side 1 − ⅛.
TEST(SymmetricQuantiles, CountIn512Parts) {
  SymmetricQuantiles quantiles;
  for (float& value : quantiles.at) value = 0.25F;
  quantiles.at[0] = 0.0F;
  EXPECT_EQ(quantiles.value(0x0040'0000), 0.125F);
  EXPECT_EQ(quantiles.value(0x0080'0000), 0.25F);
  EXPECT_EQ(quantiles.value(0x8000'0000), 0.25F);
  EXPECT_EQ(quantiles.value(0xffc0'0000), 0.875F);
}

TEST(Mixup, DrawsAPartForEachVisit) {
  const Mixup mixup{{3, RandomPurpose::mixup, 0}, {3, RandomPurpose::mixup, 1}, uniform()};
  for (const std::uint64_t visit : {std::uint64_t{0}, std::uint64_t{6}, std::uint64_t{1} << 40})
    EXPECT_NEAR(mixup.part(visit), static_cast<double>(mixup.draws.block(visit / 4)[visit % 4]) / 0x1p32, 1e-7);
}

/// The partner is another sample, and each of the others is as likely.
TEST(Mixup, HasAPartnerAmongTheOthers) {
  const Mixup mixup{{3, RandomPurpose::mixup, 0}, {3, RandomPurpose::mixup, 1}, {}};
  int count[5] = {};
  for (std::uint64_t visit = 0; visit < 1000; ++visit) {
    EXPECT_EQ(mixup.distance(visit, 0), 0U);
    EXPECT_EQ(mixup.distance(visit, 1), 0U);
    EXPECT_EQ(mixup.distance(visit, 2), 1U);
    const std::size_t distance = mixup.distance(visit, 5);
    ASSERT_LT(distance, 5U);
    ++count[distance];
  }
  EXPECT_EQ(count[0], 0);
  for (int i = 1; i < 5; ++i) EXPECT_NEAR(count[i], 250, 60);
}

}  // namespace
}  // namespace gradus::internal
