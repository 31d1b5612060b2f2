// Single steps, batches that do not fit at once, and requests to stop.
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "backend/backend_under_test.hpp"
#include "backend/planning.hpp"
#include "gradus/trainer.hpp"
#include "model/model_state.hpp"
#include "network/propagation.hpp"
#include "reference/reference_network.hpp"
#include "training/example_data.hpp"

namespace gradus {
namespace {

using testing_support::two_classes;

TEST(Trainer, SingleStepsAreThoseOfFit) {
  TrainingOptions options;
  options.batch_size = 8;
  options.epochs = 2;
  Trainer by_fit({}, two_classes(20), options);
  by_fit.fit();
  Trainer by_step({}, two_classes(20), options);
  for (int step = 0; step < 6; ++step) EXPECT_GT(by_step.step(), 0.0);
  EXPECT_EQ(internal::state_of(by_fit.model()).layers, internal::state_of(by_step.model()).layers);
}

/// Also where the rate changes with every step.
TEST(Trainer, SingleStepsFollowTheSchedule) {
  TrainingOptions options;
  options.batch_size = 8;
  options.epochs = 2;
  options.optimizer.kind = Optimizer::adam;
  options.schedule = Schedule::parse("one-cycle");
  Trainer by_fit({.loss = Loss::cross_entropy}, two_classes(20), options);
  by_fit.fit();
  Trainer by_step({.loss = Loss::cross_entropy}, two_classes(20), options);
  for (int step = 0; step < 6; ++step) by_step.step();
  EXPECT_EQ(internal::state_of(by_fit.model()).layers, internal::state_of(by_step.model()).layers);
}

/// A trainer that is fitted again begins its schedule again.
TEST(Trainer, BeginsTheScheduleWithEachRun) {
  TrainingOptions options;
  options.epochs = 10;
  options.schedule = Schedule::parse("exponential:0.1");
  Trainer trainer({}, two_classes(20), options);
  trainer.fit();
  const auto before = internal::state_of(trainer.model()).layers;
  const double cost = trainer.fit().train.cost;
  EXPECT_NE(internal::state_of(trainer.model()).layers, before) << "at the schedule's end steps are too small for floats";
  EXPECT_TRUE(std::isfinite(cost));
}

TEST(Trainer, ReturnsTheCostBeforeTheStep) {
  const Dataset data = two_classes(20);
  Trainer trainer({}, data);
  const double before = trainer.model().evaluate(data).cost;
  EXPECT_NEAR(trainer.step(), before, 1e-6 * before);
  EXPECT_LT(trainer.model().evaluate(data).cost, before);
}

/// More samples than are taken at once, and no multiple of that: one step must be the reference's step over the whole batch.
TEST(Trainer, ALargeBatchTakenInPartsIsOneStep) {
  constexpr std::size_t kSamples = 25013;
  const Dataset data = two_classes(kSamples);
  TrainingOptions options;
  options.optimizer.learning_rate = 0.5;
  options.preprocessing.normalization = Normalization::none;
  NetworkSpec network;
  network.hidden = {100};
  Trainer trainer(network, data, options);
  const Model start = trainer.model();
  ASSERT_LT(internal::rows_at_once(start.network().widths(), kSamples, internal::floats_at_once(Device::cpu())), kSamples);

  reference::Network expected;
  expected.widths = start.network().widths();
  for (std::size_t l = 0; l + 1 < expected.widths.size(); ++l) {
    const std::span<const float> weights = start.weights(l);
    const std::span<const float> biases = start.biases(l);
    expected.weights.emplace_back(weights.begin(), weights.end());
    expected.biases.emplace_back(biases.begin(), biases.end());
  }
  std::vector<double> inputs;
  std::vector<double> targets;
  std::vector<float> sample(2);
  for (std::size_t i = 0; i < kSamples; ++i) {
    data.copy_inputs(i, sample);
    inputs.insert(inputs.end(), sample.begin(), sample.end());
    for (const int which : {0, 1}) targets.push_back(data.class_index(i) == which ? 1.0 : 0.0);
  }
  EXPECT_NEAR(trainer.step(), reference::cost(expected, inputs, targets, kSamples), 1e-5);
  reference::descend(expected, reference::gradients(expected, inputs, targets, kSamples), 0.5);
  const Model found = trainer.model();
  for (std::size_t l = 0; l < 2; ++l) {
    internal::expect_close(found.weights(l), expected.weights[l], 1e-5);
    internal::expect_close(found.biases(l), expected.biases[l], 1e-5);
  }
}

TEST(Trainer, TheCallbackStopsTheRun) {
  Trainer trainer({}, two_classes(20));
  const TrainingResult result = trainer.fit(std::nullopt, [](const Progress& progress) { return progress.epoch < 3; });
  EXPECT_EQ(result.end, TrainingResult::End::stopped);
  EXPECT_EQ(result.epochs, 3U);
  EXPECT_EQ(result.steps, 3U);
}

TEST(Trainer, AStopRequestTakesEffectWithinAnEpoch) {
  constexpr std::size_t kSamples = 2'000'000;  // an epoch of seconds
  TrainingOptions options;
  options.batch_size = 1;
  options.epochs = 10;
  Trainer trainer({}, two_classes(kSamples), options);
  trainer.step();
  std::stop_source stop;
  std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    stop.request_stop();
  });
  const TrainingResult result = trainer.fit(std::nullopt, {}, stop.get_token());
  EXPECT_EQ(result.end, TrainingResult::End::stopped);
  EXPECT_LE(result.epochs, 1U);
  EXPECT_LT(result.steps, kSamples);
  EXPECT_TRUE(std::isfinite(result.train.cost));
}

TEST(Trainer, ARequestBeforeTheRunTakesNoStep) {
  std::stop_source stop;
  stop.request_stop();
  Trainer trainer({}, two_classes(20));
  const TrainingResult result = trainer.fit(std::nullopt, {}, stop.get_token());
  EXPECT_EQ(result.end, TrainingResult::End::stopped);
  EXPECT_EQ(result.steps, 0U);
}

}  // namespace
}  // namespace gradus
