#include "data/prepare/preprocessing.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

Dataset table(const std::vector<float>& inputs, std::size_t features) {
  const std::vector<float> targets(inputs.size() / features, 1.0F);
  return Dataset::regression(inputs, features, targets);
}

TEST(Preprocessing, StandardisesFloats) {
  const Preprocessing learnt = learn_preprocessing(table({1, 10, 3, 10, 5, 40}, 2), Normalization::automatic);
  EXPECT_EQ(learnt.normalization, Normalization::standard);
  EXPECT_THAT(learnt.input_shift, ElementsAre(FloatEq(3.0F), FloatEq(20.0F)));
  EXPECT_THAT(learnt.input_scale, ElementsAre(FloatEq(static_cast<float>(1.0 / std::sqrt(8.0 / 3.0))),
                                              FloatEq(static_cast<float>(1.0 / std::sqrt(200.0)))));
}

TEST(Preprocessing, ScalesToTheRange) {
  const Preprocessing learnt = learn_preprocessing(table({1, 3, 5}, 1), Normalization::minmax);
  EXPECT_THAT(learnt.input_shift, ElementsAre(1.0F));
  EXPECT_THAT(learnt.input_scale, ElementsAre(0.25F));
}

TEST(Preprocessing, TakesBytesToTheUnitRange) {
  const std::vector<std::uint8_t> bytes{0, 7, 7, 7};
  const std::vector<std::int32_t> labels{0, 1};
  const Dataset data = Dataset::classification(bytes, 2, labels);
  const Preprocessing learnt = learn_preprocessing(data, Normalization::automatic);
  EXPECT_THAT(learnt.input_shift, ElementsAre(0.0F, 0.0F));
  EXPECT_THAT(learnt.input_scale, ElementsAre(1.0F / 255.0F, 1.0F / 255.0F));
  EXPECT_THAT(learnt.target_scale, ElementsAre()) << "classes are not scaled";
  EXPECT_THAT(learn_preprocessing(data, Normalization::standard).input_shift, ElementsAre(3.5F, 7.0F));
  EXPECT_THAT(learn_preprocessing(data, Normalization::none).input_scale, ElementsAre(1.0F, 1.0F));
}

/// 0.1 is not a binary fraction: a mean that is one rounding away must not make a constant column look like a tiny
/// deviation.
TEST(Preprocessing, MakesConstantColumnsZero) {
  const std::vector<float> inputs(1001, 0.1F);
  for (const Normalization kind : {Normalization::standard, Normalization::minmax}) {
    const Preprocessing learnt = learn_preprocessing(table(inputs, 1), kind);
    EXPECT_THAT(learnt.input_shift, ElementsAre(0.1F));
    EXPECT_THAT(learnt.input_scale, ElementsAre(0.0F));
  }
}

TEST(Preprocessing, KeepsTheDigitsOfASmallDeviationAtALargeMean) {
  const Preprocessing learnt = learn_preprocessing(table({1'000'000, 1'000'001, 1'000'002}, 1), Normalization::standard);
  EXPECT_THAT(learnt.input_shift, ElementsAre(1'000'001.0F));
  EXPECT_THAT(learnt.input_scale, ElementsAre(FloatEq(static_cast<float>(1.0 / std::sqrt(2.0 / 3.0)))));
}

TEST(Preprocessing, StaysFiniteAtTheEndsOfTheFloats) {
  const float largest = std::numeric_limits<float>::max();
  const float smallest = std::numeric_limits<float>::denorm_min();
  const Preprocessing learnt = learn_preprocessing(table({-largest, 0, largest, smallest}, 2), Normalization::standard);
  for (const float value : learnt.input_scale) EXPECT_TRUE(std::isfinite(value));
  for (const float value : learnt.input_shift) EXPECT_TRUE(std::isfinite(value));
}

TEST(Preprocessing, BringsTargetsBackInTheUsersUnits) {
  const std::vector<float> inputs{0, 0, 0};
  const std::vector<float> targets{100, 7, 200, 7, 300, 7};
  const Preprocessing learnt = learn_preprocessing(Dataset::regression(inputs, 1, targets, 2), Normalization::minmax);
  EXPECT_FLOAT_EQ(learnt.target_shift[0], 200.0F) << "targets are standardised whatever the inputs are";
  EXPECT_FLOAT_EQ(learnt.restore_target((300.0F - learnt.target_shift[0]) * learnt.target_scale[0], 0), 300.0F);
  EXPECT_EQ(learnt.restore_target(5.0F, 1), 7.0F) << "a constant target is always predicted";
}

/// Only the given set counts: rows that a split left out change nothing.
TEST(Preprocessing, IsLearntFromTheTrainingPartOnly) {
  std::vector<float> inputs(100, 1.0F);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(i % 7);
  const Dataset all = table(inputs, 1);
  const auto [train, test] = all.split(0.3, 1);
  double sum = 0.0;
  std::vector<float> value(1);
  for (std::size_t i = 0; i < train.samples(); ++i) {
    train.copy_inputs(i, value);
    sum += static_cast<double>(value[0]);
  }
  EXPECT_FLOAT_EQ(learn_preprocessing(train, Normalization::standard).input_shift[0],
                  static_cast<float>(sum / static_cast<double>(train.samples())));
}

/// Values that a distortion brings from one input to another mean the same there.
TEST(Preprocessing, OfInputsThatAreMovedScalesAllAlike) {
  const Dataset data = table({0, 4, 2, 0, 0, 10}, 2);
  const Preprocessing learnt = learn_preprocessing(data, Normalization::automatic, {}, InputPlaces::exchanged);
  EXPECT_EQ(learnt.normalization, Normalization::minmax);
  EXPECT_THAT(learnt.input_shift, ElementsAre(0.0F, 0.0F));
  EXPECT_THAT(learnt.input_scale, ElementsAre(0.1F, 0.1F));
  EXPECT_EQ(learn_preprocessing(data, Normalization::standard, {}, InputPlaces::exchanged),
            learn_preprocessing(data, Normalization::standard));
}

}  // namespace
}  // namespace gradus::internal
