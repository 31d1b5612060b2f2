#include "base/beta_quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

/// The distribution function F on [0, ½]: each quantile must have its probability.
template <typename Function>
void expect_quantiles(double alpha, double tolerance, Function probability) {
  const SymmetricQuantiles quantiles = beta_quantiles(alpha);
  for (std::size_t k = 0; k <= SymmetricQuantiles::kIntervals; ++k)
    EXPECT_NEAR(probability(static_cast<double>(quantiles.at[k])), static_cast<double>(k) / 512.0, tolerance)
        << alpha << " " << k;
}

TEST(BetaQuantiles, HaveTheirProbabilities) {
  expect_quantiles(1.0, 1e-7, [](double x) { return x; });
  expect_quantiles(2.0, 1e-7, [](double x) { return x * x * (3.0 - 2.0 * x); });
  expect_quantiles(3.0, 1e-7, [](double x) { return x * x * x * (10.0 + x * (6.0 * x - 15.0)); });
  expect_quantiles(0.5, 1e-6, [](double x) { return 2.0 / std::numbers::pi * std::asin(std::sqrt(x)); });
}

/// For a small α, the chance of a value below a small x is x^α / (α B(α, α)).
TEST(BetaQuantiles, AreMostlyNearTheEndsForASmallAlpha) {
  constexpr double kAlpha = 0.1;
  const double beta = std::tgamma(kAlpha) * std::tgamma(kAlpha) / std::tgamma(2.0 * kAlpha);
  const SymmetricQuantiles quantiles = beta_quantiles(kAlpha);
  for (const std::size_t k : {64U, 128U, 150U}) {
    const auto x = static_cast<double>(quantiles.at[k]);
    EXPECT_LT(x, 0.01);
    EXPECT_NEAR(std::pow(x, kAlpha) / (kAlpha * beta), static_cast<double>(k) / 512.0, 1e-3);
  }
}

TEST(BetaQuantiles, RiseToAHalfForEveryAlpha) {
  for (const double alpha : {1e-6, 0.01, 0.2, 1.0, 1.5, 8.0, 100.0, 1000.0}) {
    const SymmetricQuantiles quantiles = beta_quantiles(alpha);
    EXPECT_GE(quantiles.at[0], 0.0F);
    EXPECT_EQ(quantiles.at[SymmetricQuantiles::kIntervals], 0.5F);
    EXPECT_TRUE(std::ranges::is_sorted(quantiles.at)) << alpha;
  }
  // For a large α the values are about normal, with the deviation 1 / √(4 (2 α + 1)).
  const double deviation = 1.0 / std::sqrt(4.0 * 2001.0);
  EXPECT_NEAR(static_cast<double>(beta_quantiles(1000.0).at[128]), 0.5 - 0.6745 * deviation, 1e-3 * deviation);
}

}  // namespace
}  // namespace gradus::internal
