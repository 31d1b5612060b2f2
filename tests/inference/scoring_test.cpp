#include "inference/scoring.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <vector>

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

TEST(Score, OfAClassificationByHand) {
  const std::vector<float> inputs{0, 0, 0, 0};
  const std::vector<std::int32_t> labels{0, 1, 2, 2};
  const Dataset data = Dataset::classification(inputs, 1, labels);
  const Preprocessing none;
  Score score(data.schema(), none, Loss::mse);
  const std::vector<std::int32_t> first{0, 0};
  const std::vector<std::int32_t> rest{2, 1};
  score.add_classes(data, 0, first, 0.0625 + 0.25);
  score.add_classes(data, 2, rest, 1.0);
  const Evaluation result = score.evaluation();
  EXPECT_EQ(result.samples, 4U);
  EXPECT_EQ(result.correct, 2U);
  EXPECT_EQ(result.accuracy, 0.5);
  EXPECT_THAT(result.confusion, testing::ElementsAre(1, 0, 0, 1, 0, 0, 0, 1, 1));
  EXPECT_DOUBLE_EQ(result.cost, (0.0625 + 0.25 + 1.0) / 4.0);
}

TEST(Score, OfARegressionByHand) {
  const std::vector<float> inputs{0, 0, 0};
  const std::vector<float> targets{10, 20, 30};
  const Dataset data = Dataset::regression(inputs, 1, targets);
  Preprocessing scaling;
  scaling.target_shift = {20.0F};
  scaling.target_scale = {0.1F};
  Score score(data.schema(), scaling, Loss::mse);
  const std::vector<float> outputs{-1.0F, 0.5F, 1.0F};  // 10, 25 and 30
  score.add_outputs(data, 0, outputs);
  const Evaluation result = score.evaluation();
  EXPECT_NEAR(result.cost, 0.25 / 6.0, 1e-12);
  EXPECT_NEAR(result.rmse, std::sqrt(25.0 / 3.0), 1e-6);
  EXPECT_NEAR(result.mae, 5.0 / 3.0, 1e-6);
  EXPECT_NEAR(result.r2, 1.0 - 25.0 / 200.0, 1e-6);
}

TEST(Score, HasNoR2WhereAllTargetsAreTheSame) {
  const std::vector<float> inputs{0, 0};
  const std::vector<float> targets{5, 5};
  const Dataset data = Dataset::regression(inputs, 1, targets);
  Preprocessing scaling;
  scaling.target_shift = {5.0F};
  scaling.target_scale = {0.0F};
  Score score(data.schema(), scaling, Loss::mse);
  score.add_outputs(data, 0, std::vector<float>{0.3F, -0.3F});
  EXPECT_TRUE(std::isnan(score.evaluation().r2));
  EXPECT_EQ(score.evaluation().rmse, 0.0) << "a constant target is always predicted";
}

}  // namespace
}  // namespace gradus::internal
