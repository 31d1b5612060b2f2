// Whole runs of the trainer on the CUDA backend: those of the CPU, and the same bits each time.

#include <cmath>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "backend/backend_under_test.hpp"
#include "gradus/trainer.hpp"
#include "model/model_state.hpp"
#include "training/example_data.hpp"
#include "training/mixed_table.hpp"

namespace gradus {
namespace {

using testing_support::line_data;
using testing_support::two_classes;

/// Bright above or bright below: pictures of 3 × 3 bytes.
Dataset pictures(std::size_t samples) {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < samples; ++i) {
    const bool above = i % 2 == 0;
    labels.push_back(above ? 1 : 0);
    for (std::size_t pixel = 0; pixel < 9; ++pixel) {
      const std::size_t shade = i * 37 % 90 + pixel;
      pixels.push_back(static_cast<std::uint8_t>((pixel < 4) == above ? 255 - shade : shade));
    }
  }
  return Dataset::classification(pixels, 9, labels);
}

/// Samples that are encoded before a device sees them.
Dataset mixed_table(std::size_t samples) {
  return testing_support::mixed_data(samples);
}

/// Samples that count differently.
Dataset weighted(std::size_t samples) {
  std::vector<float> weights;
  for (std::size_t i = 0; i < samples; ++i) weights.push_back(static_cast<float>(i % 3) + 0.5F);
  return two_classes(samples).with_weights(weights);
}

/// Two labels of a point, which it has apart from each other.
Dataset labelled(std::size_t samples) {
  std::vector<float> inputs;
  std::vector<std::uint8_t> labels;
  for (std::size_t i = 0; i < samples; ++i) {
    const auto x = static_cast<float>(i * 7919 % 1000) / 1000.0F;
    const auto y = static_cast<float>(i * 104729 % 997) / 997.0F;
    inputs.insert(inputs.end(), {x, y});
    labels.push_back(x > 0.4F ? 1 : 0);
    labels.push_back(y > x ? 1 : 0);
  }
  return Dataset::multi_label(inputs, 2, labels, 2);
}

struct Case {
  std::string name;
  std::function<Dataset(std::size_t)> data;
  std::optional<std::size_t> batch_size;
  Activation activation = Activation::sigmoid;
  Loss loss = Loss::mse;
  TrainingOptions method = {.optimizer = {.learning_rate = 0.5}};
};

std::ostream& operator<<(std::ostream& stream, const Case& which) {
  return stream << which.name;
}

struct Outcome {
  std::vector<double> costs;
  TrainingResult result;
  std::vector<LayerParameters> layers;
};

Outcome train(const Case& which, Device device, Precision precision = Precision::fp32) {
  TrainingOptions options = which.method;
  options.execution.device = device;
  options.execution.precision = precision;
  options.batch_size = which.batch_size;
  options.epochs = 5;
  options.report_every = 2;
  Trainer trainer({.hidden = {9, 4}, .activation = which.activation, .loss = which.loss}, which.data(43), options);
  Outcome outcome;
  outcome.result = trainer.fit(which.data(11), [&](const Progress& progress) {
    outcome.costs.push_back(progress.train_cost);
    if (progress.test) outcome.costs.push_back(progress.test->cost);
    return true;
  });
  outcome.layers = internal::state_of(trainer.model()).layers;
  return outcome;
}

class CudaTrainer : public testing::TestWithParam<Case> {};

TEST_P(CudaTrainer, AgreesWithTheCpu) {
  const Outcome expected = train(GetParam(), Device::cpu());
  const Outcome found = train(GetParam(), Device::cuda());
  ASSERT_EQ(found.costs.size(), expected.costs.size());
  for (std::size_t i = 0; i < found.costs.size(); ++i)
    EXPECT_NEAR(found.costs[i], expected.costs[i], 1e-5 * expected.costs[i]) << i;
  EXPECT_NEAR(found.result.train.cost, expected.result.train.cost, 1e-5 * expected.result.train.cost);
  EXPECT_EQ(found.result.train.correct, expected.result.train.correct);
  EXPECT_EQ(found.result.train.label_accuracy, expected.result.train.label_accuracy);
  EXPECT_EQ(found.result.test->confusion, expected.result.test->confusion);
  EXPECT_NEAR(found.result.test->rmse, expected.result.test->rmse, 1e-4 * expected.result.test->rmse);
  EXPECT_EQ(found.result.steps, expected.result.steps);
}

TEST_P(CudaTrainer, RepeatsBitForBit) {
  for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    SCOPED_TRACE(name(precision));
    const Outcome first = train(GetParam(), Device::cuda(), precision);
    const Outcome second = train(GetParam(), Device::cuda(), precision);
    EXPECT_EQ(first.costs, second.costs);
    EXPECT_EQ(first.layers, second.layers);
  }
}

/// The short formats learn the same thing, a little less exactly.
TEST_P(CudaTrainer, ComesCloseInShortFormats) {
  const Outcome expected = train(GetParam(), Device::cuda());
  for (const Precision precision : {Precision::tf32, Precision::bf16}) {
    SCOPED_TRACE(name(precision));
    const Outcome found = train(GetParam(), Device::cuda(), precision);
    const double tolerance = precision == Precision::tf32 ? 2e-3 : 5e-2;
    for (std::size_t i = 0; i < found.costs.size(); ++i)
      EXPECT_NEAR(found.costs[i], expected.costs[i], tolerance * expected.costs[i]) << i;
    // For tf32 cuBLASLt may take fp32 all the same where shapes are as small as here.
    if (precision == Precision::bf16) {
      EXPECT_NE(found.layers, expected.layers) << "or it was not used";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Runs, CudaTrainer,
    testing::Values(
        Case{"full_batch", two_classes, std::nullopt}, Case{"minibatches", two_classes, 8, Activation::relu},
        Case{"regression", line_data, 16, Activation::tanh}, Case{"bytes", pictures, 10},
        Case{"names_and_missing_values",
             mixed_table,
             10,
             Activation::tanh,
             Loss::mse,
             {.optimizer = {.learning_rate = 0.5}, .preprocessing = {.missing = Missing::indicator}}},
        Case{"entropy",
             two_classes,
             8,
             Activation::gelu,
             Loss::cross_entropy,
             {.optimizer = {.kind = Optimizer::adam, .learning_rate = 0.01, .epsilon = 1e-3, .clip_norm = 0.5},
              .schedule = Schedule::parse("cosine"),
              .warmup_epochs = 1,
              .regularization = {.l2 = 0.01}}},
        Case{"binary_entropy",
             pictures,
             10,
             Activation::silu,
             Loss::binary_cross_entropy,
             {.optimizer = {.kind = Optimizer::nesterov, .learning_rate = 0.05},
              .schedule = Schedule::parse("step:2:0.5"),
              .regularization = {.weight_decay = 0.01}}},
        Case{"dropout",
             two_classes,
             8,
             Activation::tanh,
             Loss::mse,
             {.optimizer = {.learning_rate = 0.5}, .regularization = {.dropout = 0.3}}},
        Case{"noise",
             two_classes,
             8,
             Activation::tanh,
             Loss::mse,
             {.optimizer = {.learning_rate = 0.5}, .augmentation = {.input_noise = 0.2}}},
        Case{"mixtures",
             weighted,
             8,
             Activation::tanh,
             Loss::cross_entropy,
             {.optimizer = {.learning_rate = 0.3}, .regularization = {.dropout = 0.1}, .augmentation = {.mixup = 0.4}}},
        Case{"distorted",
             pictures,
             10,
             Activation::tanh,
             Loss::cross_entropy,
             {.optimizer = {.learning_rate = 0.3},
              .augmentation =
                  {.distortions = {.shift = 0.5, .rotation = 10.0, .scaling = 0.1, .elastic = 2.0, .elastic_sigma = 1.0},
                   .image_size = ImageSize{3, 3}}}},
        Case{"distorted_full_batch",
             pictures,
             std::nullopt,
             Activation::tanh,
             Loss::mse,
             {.optimizer = {.learning_rate = 0.3},
              .augmentation =
                  {.input_noise = 0.1, .mixup = 1.0, .distortions = {.shift = 0.5}, .image_size = ImageSize{3, 3}}}},
        Case{"weights",
             weighted,
             8,
             Activation::tanh,
             Loss::cross_entropy,
             {.optimizer = {.learning_rate = 0.3}, .class_weights = {1.0, 3.0}}},
        Case{"labels", labelled, 8, Activation::tanh, Loss::binary_cross_entropy, {.optimizer = {.learning_rate = 0.3}}},
        Case{"lamb",
             line_data,
             std::nullopt,
             Activation::softplus,
             Loss::huber,
             {.optimizer = {.kind = Optimizer::lamb, .learning_rate = 0.05, .epsilon = 1e-3}}}),
    testing::PrintToStringParamName());

TEST(CudaTrainerThatDiverges, KeepsTheLastFiniteModel) {
  TrainingOptions options;
  options.execution.device = Device::cuda();
  options.optimizer.learning_rate = 1e6;
  options.epochs = 20;
  options.batch_size = 7;
  Trainer trainer({.hidden = {6}, .activation = Activation::relu}, line_data(20), options);
  const TrainingResult result = trainer.fit();
  EXPECT_EQ(result.end, TrainingResult::End::diverged);
  EXPECT_TRUE(std::isfinite(result.train.cost));
}

TEST(CudaTrainerStepByStep, IsThatOfFit) {
  TrainingOptions options;
  options.execution.device = Device::cuda();
  options.batch_size = 8;
  options.epochs = 2;
  Trainer by_fit({.hidden = {5}}, two_classes(20), options);
  by_fit.fit();
  Trainer by_step({.hidden = {5}}, two_classes(20), options);
  for (int step = 0; step < 6; ++step) EXPECT_GT(by_step.step(), 0.0);
  EXPECT_EQ(internal::state_of(by_fit.model()).layers, internal::state_of(by_step.model()).layers);
}

}  // namespace
}  // namespace gradus
