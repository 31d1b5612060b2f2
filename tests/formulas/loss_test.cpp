#include "formulas/loss.hpp"

#include <gtest/gtest.h>

#include "backend/loss.hpp"

namespace gradus::internal {
namespace {

/// With smoothing s and K classes, the target of the sample's class is 1 − s + s/K, and that of the others s/K.
TEST(LossTerms, SmoothTheTargets) {
  LossFunction loss = Loss::cross_entropy;
  loss.label_smoothing = 0.25F;
  const LossTerms terms = loss.terms(8);
  EXPECT_EQ(terms.kind, Loss::cross_entropy);
  EXPECT_EQ(terms.scale, 0.75F);
  EXPECT_EQ(terms.shift, 0.03125F);
}

TEST(LossTerms, LeaveTargetsThatAreNotSmoothed) {
  const LossTerms terms = LossFunction(Loss::cross_entropy).terms(3);
  EXPECT_EQ(terms.scale, 1.0F);
  EXPECT_EQ(terms.shift, 0.0F);
}

TEST(LossTerms, KnowWhereHuberBecomesLinear) {
  LossFunction loss = Loss::huber;
  loss.huber_delta = 0.5F;
  EXPECT_EQ(loss.terms(1).kind, Loss::huber);
  EXPECT_EQ(loss.terms(1).delta, 0.5F);
}

}  // namespace
}  // namespace gradus::internal
