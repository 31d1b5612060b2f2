#include <gmock/gmock.h>
#include <initializer_list>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "gradus/options.hpp"

namespace gradus {
namespace {

constexpr std::size_t kMany = 100000;

GivenOptions given(std::initializer_list<std::pair<std::string_view, std::string_view>> options) {
  GivenOptions given;
  for (const auto& [key, text] : options) given.set(key, text);
  return given;
}

std::string refusal(const GivenOptions& options, Task task = Task::classification) {
  try {
    static_cast<void>(options.complete(task, kMany));
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(GivenOptions, WinOverARecipe) {
  const Options options =
      given({{"recipe", "tabular"}, {"hidden", "7"}, {"dropout", "0.5"}}).complete(Task::regression, kMany);
  EXPECT_EQ(options.network.hidden, std::vector<std::size_t>{7});
  EXPECT_EQ(options.training.regularization.dropout, 0.5);
  EXPECT_EQ(options.training.optimizer.kind, Optimizer::adamw);
  EXPECT_EQ(options.split.validation_fraction, 0.1);
  EXPECT_EQ(options.training.preprocessing.missing, Missing::indicator);
}

TEST(GivenOptions, TheLastValueCounts) {
  GivenOptions options = given({{"epochs", "3"}, {"epochs", "5"}});
  EXPECT_EQ(*options.find("epochs"), "5");
  EXPECT_EQ(options.complete(Task::classification, kMany).training.epochs, 5U);
  EXPECT_EQ(options.find("hidden"), nullptr);
}

TEST(GivenOptions, ARecipesChoiceThatDoesNotCountIsOff) {
  EXPECT_EQ(given({{"recipe", "image"}, {"loss", "mse"}}).complete(Task::classification, kMany).network.label_smoothing,
            0.0);
  EXPECT_EQ(given({{"recipe", "tabular"}, {"hidden", "none"}})
                .complete(Task::classification, kMany)
                .training.regularization.dropout,
            0.0);
  const GivenOptions images = given({{"recipe", "image"}, {"normalize", "quantile"}});
  EXPECT_FALSE(images.complete(Task::classification, kMany, ImageSize{28, 28}).training.augmentation.distortions.is_any());
}

TEST(GivenOptions, WhatDoesNotCountIsRefused) {
  EXPECT_EQ(refusal(given({{"momentum", "0.9"}})),
            "`momentum` is for the optimizers momentum, nesterov, and the optimizer is sgd");
  EXPECT_EQ(refusal(given({{"huber_delta", "1"}})), "`huber_delta` is for the loss huber, and the loss is mse");
  EXPECT_THAT(refusal(given({{"dropout", "0.5"}, {"hidden", "none"}})), testing::HasSubstr("there is no hidden layer"));
  EXPECT_THAT(refusal(given({{"patience", "3"}})), testing::HasSubstr("needs a validation set"));
  EXPECT_THAT(refusal(given({{"image_size", "2x2"}})), testing::HasSubstr("nothing distorts them"));
  EXPECT_THAT(refusal(given({{"shift", "1"}, {"normalize", "quantile"}})), testing::HasSubstr("before they are scaled"));
}

// An option that is switched off conflicts with nothing.
TEST(GivenOptions, WhatIsOffMayStandBesideAnything) {
  for (const auto& [key, text] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"dropout", "0"}, {"label_smoothing", "0"}, {"shift", "0"}, {"elastic", "0:4"}, {"image_size", "none"}})
    EXPECT_EQ(refusal(given({{key, text}, {"hidden", "none"}, {"normalize", "quantile"}})), "no error") << key;
}

// 0 is a value like another for these.
TEST(GivenOptions, AZeroThatDoesNotCountIsRefused) {
  EXPECT_THAT(refusal(given({{"momentum", "0"}})), testing::HasSubstr("the optimizer is sgd"));
  EXPECT_THAT(refusal(given({{"beta2", "0"}})), testing::HasSubstr("the optimizer is sgd"));
  EXPECT_THAT(refusal(given({{"stop_at", "0"}})), testing::HasSubstr("needs a validation set"));
}

TEST(GivenOptions, SomeExcludeEachOther) {
  EXPECT_THAT(refusal(given({{"test", "a"}, {"test_fraction", "0.2"}})),
              testing::HasSubstr("`test` and `test_fraction` exclude"));
  EXPECT_THAT(refusal(given({{"validation", "a"}, {"validation_fraction", "0.2"}})),
              testing::HasSubstr("exclude each other"));
  EXPECT_THAT(refusal(given({{"folds", "3"}, {"test", "a"}})), testing::HasSubstr("each fold is the test set once"));
  EXPECT_EQ(refusal(given({{"test", "a"}, {"test_fraction", "none"}})), "no error");
}

TEST(GivenOptions, ValidationDataReplaceARecipesFraction) {
  const Options options = given({{"recipe", "tabular"}, {"validation", "v.csv"}}).complete(Task::regression, kMany);
  EXPECT_EQ(options.split.validation_fraction, std::nullopt);
}

}  // namespace
}  // namespace gradus
