#include "formulas/optimizer.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

TEST(ClippingFactor, MakesALongGradientAsLongAsItMayBe) {
  EXPECT_EQ(clipping_factor(2.0F, 4.0), 1.0F);
  EXPECT_EQ(clipping_factor(2.0F, 64.0), 0.25F);
  EXPECT_EQ(clipping_factor(2.0F, 0.0), 1.0F);
  EXPECT_EQ(clipping_factor(2.0F, std::numeric_limits<double>::quiet_NaN()), 1.0F) << "NaN must stay, and not become 0";
}

TEST(MeanCorrection, IsExactForTheFirstStepsAndForLateOnes) {
  for (const float beta : {0.9F, 0.999F})
    for (const int t : {1, 2, 10, 1000, 100'000}) {
      const double expected = 1.0 / (1.0 - std::pow(static_cast<double>(beta), t));
      EXPECT_NEAR(mean_correction(beta, static_cast<std::uint64_t>(t)), expected, 1e-7 * expected) << beta << " " << t;
    }
  EXPECT_EQ(mean_correction(0.0F, 1), 1.0F) << "there is no mean";
}

TEST(TrustQuotient, IsThatOfTheLengths) {
  EXPECT_EQ(trust_quotient(4.0, 9.0), 2.0 / 3.0);
  EXPECT_EQ(trust_quotient(0.0, 9.0), 1.0);
  EXPECT_EQ(trust_quotient(4.0, 0.0), 1.0);
}

TEST(NumbersOfStep, AreThoseThatTheOptimizerNeeds) {
  OptimizerSettings settings;
  settings.beta1 = 0.5F;
  settings.beta2 = 0.75F;
  settings.clip_norm = 1.0F;
  for (const auto kind : {Optimizer::sgd, Optimizer::rmsprop, Optimizer::adam, Optimizer::lamb}) {
    settings.kind = kind;
    const StepNumbers step = numbers_of_step(settings, 0.25F, 16.0, 2);
    EXPECT_EQ(step.rate, 0.25F);
    EXPECT_EQ(step.gradient_scale, 0.25F);
    const bool has_means = settings.moments() == 2;
    EXPECT_FLOAT_EQ(step.correction1, has_means ? 4.0F / 3.0F : 1.0F);
    EXPECT_FLOAT_EQ(step.correction2, has_means ? 16.0F / 7.0F : 1.0F);
  }
  settings.clip_norm = 0.0F;
  EXPECT_EQ(numbers_of_step(settings, 0.25F, 16.0, 2).gradient_scale, 1.0F) << "nothing is clipped";
}

}  // namespace
}  // namespace gradus::internal
