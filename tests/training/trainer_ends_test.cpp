// How a run ends, and which model it leaves.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "gradus/trainer.hpp"
#include "model/model_state.hpp"
#include "training/example_data.hpp"
#include "training/usage_errors.hpp"

namespace gradus {
namespace {

using testing_support::expect_usage_error;
using testing_support::line_data;
using testing_support::two_classes;

/// A validation set that gets worse after a while: the final model is that of its best epoch.
TEST(Trainer, KeepsTheBestEpochOfAValidationPart) {
  TrainingOptions options;
  options.epochs = 60;
  options.optimizer.learning_rate = 0.5;
  // Other points, some of whose labels contradict the training set.
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 40; ++i) {
    const float x = static_cast<float>(i) / 40.0F;
    inputs.insert(inputs.end(), {x, 0.9F - x});
    labels.push_back(i % 3 == 0 ? 1 : 0);
  }
  const Dataset validation = Dataset::classification(inputs, 2, labels, {"below", "above"});
  Trainer trainer({.hidden = {8}}, two_classes(50), options);
  std::vector<double> costs;
  std::vector<bool> best;
  const TrainingResult result = trainer.fit({.validation = validation}, [&](const Progress& progress) {
    costs.push_back(progress.validation->cost);
    best.push_back(progress.best);
    EXPECT_FALSE(progress.test);
    return true;
  });
  ASSERT_EQ(costs.size(), 60U);
  const auto least = std::min_element(costs.begin(), costs.end());
  ASSERT_NE(least, costs.end() - 1) << "or the case shows nothing";
  EXPECT_EQ(result.best_epoch, static_cast<std::size_t>(least - costs.begin() + 1));
  EXPECT_EQ(result.end, TrainingResult::End::finished);
  EXPECT_EQ(result.validation->cost, *least);
  EXPECT_EQ(trainer.model().evaluate(validation).cost, *least);
  for (std::size_t i = 0; i < costs.size(); ++i)
    EXPECT_EQ(best[i], costs[i] == *std::min_element(costs.begin(), costs.begin() + static_cast<std::ptrdiff_t>(i) + 1))
        << i;
  EXPECT_FALSE(result.test);
}

TEST(Trainer, EndsWithoutProgressForLongerThanItsPatience) {
  TrainingOptions options;
  options.epochs = 1000;
  options.optimizer.learning_rate = 1e-30;  // nothing changes
  options.stopping.patience = 7;
  Trainer trainer({}, two_classes(30), options);
  const TrainingResult result = trainer.fit({.validation = two_classes(10)});
  EXPECT_EQ(result.end, TrainingResult::End::patience);
  EXPECT_EQ(result.epochs, 9U) << "the first, seven that are allowed, and one more";
  EXPECT_EQ(result.best_epoch, 1U);
}

TEST(Trainer, EndsWhenTheMonitoredFigureIsReached) {
  TrainingOptions options;
  options.epochs = 5000;
  options.stopping.monitor = Monitor::accuracy;
  options.stopping.stop_at = 0.8;
  const Dataset validation = two_classes(40);
  Trainer classes({.hidden = {8}}, two_classes(200), options);
  const TrainingResult result = classes.fit({.validation = validation});
  EXPECT_EQ(result.end, TrainingResult::End::reached);
  EXPECT_GE(result.validation->accuracy, 0.8);
  EXPECT_LT(result.epochs, 5000U);

  options.stopping.monitor = Monitor::rmse;
  options.stopping.stop_at = 2000.0;  // in the user's units
  Trainer numbers({.hidden = {}}, line_data(50), options);
  const TrainingResult fitted = numbers.fit({.validation = line_data(20)});
  EXPECT_EQ(fitted.end, TrainingResult::End::reached);
  EXPECT_LE(fitted.validation->rmse, 2000.0);
}

TEST(Trainer, EndsWhenItsTimeIsOver) {
  TrainingOptions options;
  options.epochs = 1000000000;
  options.stopping.time_limit = 0.05;
  Trainer trainer({}, two_classes(30), options);
  const TrainingResult result = trainer.fit();
  EXPECT_EQ(result.end, TrainingResult::End::time_limit);
  EXPECT_GE(result.epochs, 1U);
}

/// A validation set chooses among the epochs, and changes none of them; nor does the test set.
TEST(Trainer, LearnsNothingFromPartsThatAreHeldOut) {
  const auto costs = [](const HeldOut& parts) {
    TrainingOptions options;
    options.batch_size = 7;
    options.epochs = 10;
    Trainer trainer({}, two_classes(50), options);
    std::vector<double> found;
    trainer.fit(parts, [&](const Progress& progress) {
      found.push_back(progress.train_cost);
      return true;
    });
    return found;
  };
  const auto expected = costs({});
  EXPECT_EQ(costs({.validation = two_classes(13)}), expected);
  EXPECT_EQ(costs({.test = two_classes(13)}), expected);
  EXPECT_EQ(costs({.validation = two_classes(9), .test = two_classes(13)}), expected);
}

/// Whatever ends a run, the model is the best one until then.
TEST(Trainer, KeepsTheBestEpochOfARunThatIsStoppedOrDiverges) {
  const Dataset validation = two_classes(20);
  TrainingOptions options;
  options.epochs = 100;
  Trainer stopped({}, two_classes(50), options);
  double best = std::numeric_limits<double>::infinity();
  const TrainingResult result = stopped.fit({.validation = validation}, [&](const Progress& progress) {
    best = std::min(best, progress.validation->cost);
    return progress.epoch < 20;
  });
  EXPECT_EQ(result.end, TrainingResult::End::stopped);
  EXPECT_EQ(stopped.model().evaluate(validation).cost, best);

  options.optimizer.learning_rate = 30.0;
  options.schedule = {};
  Trainer diverging({.hidden = {6}, .activation = Activation::relu}, line_data(40), options);
  double least = std::numeric_limits<double>::infinity();
  const TrainingResult lost = diverging.fit({.validation = line_data(10)}, [&](const Progress& progress) {
    if (progress.best) least = progress.validation->cost;
    return true;
  });
  EXPECT_EQ(lost.end, TrainingResult::End::diverged);
  if (lost.best_epoch) {
    EXPECT_EQ(lost.validation->cost, least);
  }
}

TEST(Trainer, KeepsTheLastFiniteModelWhenItDiverges) {
  for (const std::size_t batch : {std::size_t{0}, std::size_t{7}}) {
    TrainingOptions options;
    options.optimizer.learning_rate = 1e6;
    options.epochs = 100;
    if (batch != 0) options.batch_size = batch;
    Trainer trainer({.hidden = {16}, .activation = Activation::relu}, line_data(50), options);
    const TrainingResult result = trainer.fit();
    EXPECT_EQ(result.end, TrainingResult::End::diverged);
    EXPECT_LT(result.epochs, 100U);
    EXPECT_TRUE(std::isfinite(result.train.cost));
    const Model model = trainer.model();
    for (const LayerParameters& layer : internal::state_of(model).layers)
      for (const auto& tensor : layer)
        for (const float value : tensor) ASSERT_TRUE(std::isfinite(value));
  }
}

/// The last update of the run goes too far: only the final evaluation shows it, and the model before that update is kept.
TEST(Trainer, KeepsTheModelBeforeALastStepThatWentTooFar) {
  const Dataset data = line_data(50);
  TrainingOptions options;
  options.epochs = 1000;
  options.optimizer.learning_rate = 1e3;
  NetworkSpec network;
  network.hidden = {4};
  network.activation = Activation::identity;
  std::vector<double> costs;
  Trainer first(network, data, options);
  first.fit(std::nullopt, [&](const Progress& progress) {
    costs.push_back(progress.train_cost);
    return true;
  });
  ASSERT_GT(costs.size(), 1U);
  ASSERT_TRUE(std::isfinite(costs.back()));

  options.epochs = costs.size();  // the epochs whose costs were finite, and no more
  Trainer second(network, data, options);
  const TrainingResult result = second.fit();
  EXPECT_EQ(result.end, TrainingResult::End::diverged);
  EXPECT_NEAR(result.train.cost, costs.back(), 1e-3 * costs.back()) << "not the model of the epoch before";
}

/// Running values of the steps that went wrong do not belong to the parameters that a run goes back to.
TEST(Trainer, GoesOnFromWhereADivergedRunWentBackTo) {
  TrainingOptions options;
  options.optimizer.kind = Optimizer::momentum;
  options.optimizer.learning_rate = 1e30;
  options.epochs = 20;
  Trainer trainer({.hidden = {6}, .activation = Activation::relu}, line_data(20), options);
  ASSERT_EQ(trainer.fit().end, TrainingResult::End::diverged);
  const auto is_finite = [&] {
    const Model model = trainer.model();
    for (std::size_t l = 0; l < 2; ++l)
      for (const float weight : model.weights(l))
        if (!std::isfinite(weight)) return false;
    return true;
  };
  ASSERT_TRUE(is_finite());
  trainer.step();
  EXPECT_TRUE(is_finite()) << "the gradients are finite, and 1e30 times them too";
}

TEST(Trainer, RefusesEndsThatCannotBe) {
  expect_usage_error({}, {.stopping = {.monitor = Monitor::rmse}},
                     "`monitor`: the metric rmse does not exist for classification");
  expect_usage_error({}, {.stopping = {.patience = 0}}, "patience");
  expect_usage_error({}, {.stopping = {.stop_at = std::nan("")}}, "stop_at");
  expect_usage_error({}, {.stopping = {.monitor = Monitor::accuracy, .stop_at = 97.0}}, "fraction");
  expect_usage_error({}, {.stopping = {.time_limit = 0.0}}, "time_limit");
  EXPECT_THROW(Trainer({}, line_data(20), {.stopping = {.monitor = Monitor::accuracy}}), UsageError);
  TrainingOptions options;
  options.stopping.patience = 3;
  Trainer trainer({}, two_classes(20), options);
  EXPECT_THROW(trainer.fit(two_classes(5)), UsageError) << "without a validation set";
  EXPECT_THROW(trainer.fit({.validation = line_data(5)}), DataError);
}

}  // namespace
}  // namespace gradus
