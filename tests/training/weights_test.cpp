// Weights of samples and classes.
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "data/data_testing.hpp"
#include "gradus/error.hpp"
#include "gradus/trainer.hpp"
#include "model/model_state.hpp"
#include "training/example_data.hpp"
#include "training/sample_weights.hpp"

namespace gradus {
namespace {

using namespace testing_support;

TEST(Weights, AreOfSamplesAndClassesAndHaveTheMeanOne) {
  const std::vector<float> inputs{1, 2, 3, 4};
  const std::vector<std::int32_t> labels{0, 1, 1, 1};
  const Dataset data = Dataset::classification(inputs, 1, labels);
  EXPECT_TRUE(internal::sample_weights(data, {}).empty());
  EXPECT_EQ(internal::sample_weights(data, {3, 1}), (std::vector<float>{2, 2.0F / 3, 2.0F / 3, 2.0F / 3}));
  const Dataset weighted = data.with_weights(std::vector<float>{0, 1, 2, 5});
  EXPECT_EQ(internal::sample_weights(weighted, {}), (std::vector<float>{0, 0.5, 1, 2.5}));
  EXPECT_EQ(internal::sample_weights(weighted, {100, 2}), (std::vector<float>{0, 0.5, 1, 2.5}));
  EXPECT_THROW(static_cast<void>(internal::sample_weights(weighted, {1, 0})), DataError);
}

TEST(Weights, BalanceClasses) {
  const std::vector<float> inputs{1, 2, 3, 4};
  const std::vector<std::int32_t> labels{0, 1, 1, 1};
  const Dataset data = Dataset::classification(inputs, 1, labels, {"a", "b", "none"});
  EXPECT_EQ(balanced_class_weights(data), (std::vector<double>{4.0 / 3, 4.0 / 9, 1}));
  EXPECT_THROW(static_cast<void>(balanced_class_weights(line_data(5))), UsageError);
}

TEST(Weights, OfATableGoWithItsRows) {
  const Dataset data = read_table("a,w,y\n1,0.5,0\n2,2,1\n3,1,1\n4,4,0\n", {.weights = "w"});
  EXPECT_EQ(data.schema().feature_names, std::vector<std::string>{"a"});
  EXPECT_EQ(data.weight(1), 2.0F);
  const auto [rest, part] = data.split(0.5, 1);
  for (const Dataset& each : {rest, part})
    for (std::size_t i = 0; i < each.samples(); ++i)
      EXPECT_EQ(each.weight(i), (std::vector<float>{0.5, 2, 1, 4}[static_cast<std::size_t>(inputs_of(each, i)[0]) - 1]));
  EXPECT_FALSE(read_table("a,y\n1,0\n2,1\n").has_weights());
  EXPECT_EQ(read_table("a,y\n1,0\n2,1\n").weight(0), 1.0F);
  EXPECT_EQ(match_table("a\n5\n", data.schema(), Targets::optional).samples(), 1U);
}

TEST(Weights, OfATableThatAreNone) {
  const DataOptions options{.weights = "w"};
  EXPECT_TRUE(contains(table_error("a,w,y\n1,-1,0\n2,1,1\n", options), "t.csv:2:2 ('w'): the weight is -1"));
  EXPECT_TRUE(contains(table_error("a,w,y\n1,1,0\n2,,1\n", options), "t.csv:3:2 ('w'): a missing value"));
  EXPECT_TRUE(contains(table_error("a,w,y\n1,1,0\n2,x,1\n", options), "t.csv:3:2 ('w'): 'x' is text"));
  EXPECT_TRUE(contains(table_error("a,w,y\n1,0,0\n2,0,1\n", options), "every row has the weight 0"));
  EXPECT_TRUE(contains(message_of<UsageError>([] { read_table("a,y\n1,0\n", {.weights = "y"}); }), "it is the target"));
}

TEST(Weights, OfArraysAreChecked) {
  const Dataset data = two_classes(3);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (const std::vector<float>& bad : {std::vector<float>{1, 2}, {1, 2, -1}, {1, 2, kInfinity}, {1, std::nanf(""), 2}})
    EXPECT_THROW(static_cast<void>(data.with_weights(bad)), UsageError);
}

std::vector<float> trained(const Dataset& data, const std::vector<double>& class_weights, std::size_t threads = 1,
                           std::optional<std::size_t> batch = std::nullopt) {
  Trainer trainer({.hidden = {5}, .activation = Activation::tanh, .loss = Loss::cross_entropy}, data,
                  {.optimizer = {.learning_rate = 0.5},
                   .batch_size = batch,
                   .epochs = 20,
                   .class_weights = class_weights,
                   .preprocessing = {.normalization = Normalization::none},
                   .execution = {.threads = threads}});
  trainer.fit();
  return trainer.model().predict(two_classes(40)).values;
}

/// A sample of weight 3 has the effect of three equal samples.
TEST(Weights, AreAsGoodAsRepeatedSamples) {
  const Dataset data = two_classes(30);
  std::vector<float> weights;
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < data.samples(); ++i) {
    weights.push_back(static_cast<float>(i % 4));
    for (std::size_t copy = 0; copy < i % 4; ++copy) {
      const auto one = inputs_of(data, i);
      inputs.insert(inputs.end(), one.begin(), one.end());
      labels.push_back(data.class_index(i));
    }
  }
  const Dataset repeated = Dataset::classification(inputs, 2, labels, {"below", "above"});
  const auto expected = trained(repeated, {});
  const auto found = trained(data.with_weights(weights), {});
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5);
  EXPECT_NE(trained(data, {}), found);
}

TEST(Weights, OfClassesAreThoseOfTheirSamples) {
  const Dataset data = two_classes(30);
  std::vector<float> weights;
  for (std::size_t i = 0; i < data.samples(); ++i) weights.push_back(data.class_index(i) == 0 ? 2.0F : 0.5F);
  EXPECT_EQ(trained(data, {4, 1}), trained(data.with_weights(weights), {}));
  EXPECT_EQ(trained(data, {4, 1}, 1, 7), trained(data, {4, 1}, 2, 7)) << "on any number of threads";
  EXPECT_NE(trained(data, {4, 1}), trained(data, {}));
}

TEST(Weights, OfClassesAreChecked) {
  const auto message = [](const Dataset& data, const std::vector<double>& weights) {
    return message_of<UsageError>([&] { Trainer({}, data, {.class_weights = weights}); });
  };
  EXPECT_TRUE(contains(message(two_classes(9), {1, 2, 3}), "3 class weights for 2 classes"));
  EXPECT_TRUE(contains(message(two_classes(9), {1, -2}), "the weight of the class above is -2"));
  EXPECT_TRUE(contains(message(two_classes(9), {1, std::nan("")}), "the weight of the class above"));
  EXPECT_TRUE(contains(message(line_data(9), {1}), "`class_weights` are for samples that have one class each"));
}

}  // namespace
}  // namespace gradus
