#include "gradus/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "model/model_state.hpp"
#include "training/example_data.hpp"
#include "training/usage_errors.hpp"

namespace gradus {
namespace {

using testing::HasSubstr;
using testing_support::expect_usage_error;
using testing_support::line_data;
using testing_support::two_classes;

/// The parameters and everything else that a model file would hold.
const ModelState& state_of(const Model& model) {
  return internal::state_of(model);
}

TEST(Trainer, ResolvesTheFoundingMethodForClassification) {
  const Trainer trainer({}, two_classes(20));
  EXPECT_EQ(trainer.network().inputs, 2U);
  EXPECT_EQ(trainer.network().outputs, 2U);
  EXPECT_EQ(trainer.network().output_activation, Activation::sigmoid);
  EXPECT_EQ(trainer.options().optimizer.learning_rate, 3.0);
  EXPECT_EQ(trainer.options().batch_size, 20U);
  EXPECT_EQ(trainer.options().epochs, 1000U);
  EXPECT_EQ(trainer.options().report_every, 34U);
  EXPECT_EQ(trainer.options().execution.device, Device::cpu());
  EXPECT_EQ(trainer.options().execution.threads, 1U) << "a small network gets one thread";
}

TEST(Trainer, ResolvesRegressionAndMinibatches) {
  TrainingOptions options;
  options.batch_size = 8;
  const Trainer trainer({}, line_data(20), options);
  EXPECT_EQ(trainer.network().outputs, 1U);
  EXPECT_EQ(trainer.network().output_activation, Activation::identity);
  EXPECT_EQ(trainer.options().optimizer.learning_rate, 0.1);
  EXPECT_EQ(trainer.options().epochs, 30U);
  EXPECT_EQ(trainer.options().report_every, 1U);
}

TEST(Trainer, LearnsWhatOneLayerCannot) {
  // Exclusive or, four samples many times.
  const std::vector<float> inputs{0, 0, 0, 1, 1, 0, 1, 1};
  const std::vector<std::int32_t> labels{0, 1, 1, 0};
  TrainingOptions options;
  options.epochs = 5000;
  options.initialization = Initialization::parse("normal");
  Trainer trainer({.hidden = {8}}, Dataset::classification(inputs, 2, labels), options);
  const TrainingResult result = trainer.fit();
  EXPECT_EQ(result.train.accuracy, 1.0);
  EXPECT_LT(result.train.cost, 0.01);
}

TEST(Trainer, LearnsALineInTheUsersUnits) {
  TrainingOptions options;
  options.epochs = 500;
  const Dataset data = line_data(50);  // y = 1000 x − 20000
  Trainer trainer({.hidden = {}}, data, options);
  const TrainingResult result = trainer.fit();
  EXPECT_GT(result.train.r2, 0.9999);
  const std::vector<float> question{30.0F};
  EXPECT_NEAR(trainer.model().predict(question).values.at(0), 10000.0F, 20.0F);
}

TEST(Trainer, CountsEpochsStepsAndReports) {
  TrainingOptions options;
  options.batch_size = 8;
  options.epochs = 7;
  options.report_every = 3;
  const Dataset data = two_classes(20);
  Trainer trainer({}, data, options);
  std::vector<std::size_t> epochs;
  std::vector<std::size_t> reports;
  const TrainingResult result = trainer.fit(data, [&](const Progress& progress) {
    epochs.push_back(progress.epoch);
    EXPECT_EQ(progress.epochs, 7U);
    EXPECT_EQ(progress.steps, 3 * progress.epoch) << "20 samples in minibatches of 8, 8 and 4";
    EXPECT_EQ(progress.report, progress.test.has_value());
    EXPECT_TRUE(std::isfinite(progress.train_cost));
    if (progress.report) reports.push_back(progress.epoch);
    return true;
  });
  EXPECT_THAT(epochs, testing::ElementsAre(1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(reports, testing::ElementsAre(3, 6, 7));
  EXPECT_EQ(result.end, TrainingResult::End::finished);
  EXPECT_EQ(result.epochs, 7U);
  EXPECT_EQ(result.steps, 21U);
  EXPECT_EQ(result.test->cost, result.train.cost) << "the test set here is the training set";
}

TEST(Trainer, SameSeedSameBitsOtherSeedOthers) {
  const auto trained = [](std::uint64_t seed, const std::optional<Dataset>& test) {
    TrainingOptions options;
    options.batch_size = 7;
    options.epochs = 5;
    options.seed = seed;
    Trainer trainer({.hidden = {9, 4}}, two_classes(50), options);
    trainer.fit(test);
    return trainer.model();
  };
  const Model first = trained(1, std::nullopt);
  EXPECT_EQ(state_of(first), state_of(trained(1, std::nullopt)));
  EXPECT_EQ(state_of(first), state_of(trained(1, two_classes(10)))) << "a test set changes nothing";
  EXPECT_NE(state_of(first).layers, state_of(trained(2, std::nullopt)).layers);
}

TEST(Trainer, RepeatsBitForBitOnSeveralThreads) {
  const auto trained = [] {
    TrainingOptions options;
    options.batch_size = 128;
    options.epochs = 2;
    options.execution.threads = 3;
    Trainer trainer({.hidden = {256, 128}}, two_classes(500), options);
    EXPECT_GT(trainer.options().execution.threads, 1U);
    trainer.fit();
    return trainer.model();
  };
  EXPECT_EQ(state_of(trained()), state_of(trained()));
}

TEST(Trainer, DropoutIsForTrainingOnly) {
  const auto trained = [](double dropout, std::size_t threads) {
    TrainingOptions options;
    options.batch_size = 20;
    options.epochs = 30;
    options.regularization.dropout = dropout;
    options.execution.threads = threads;
    Trainer trainer({.hidden = {40, 20}, .activation = Activation::tanh}, two_classes(300), options);
    const TrainingResult result = trainer.fit();
    const Model model = trainer.model();
    EXPECT_EQ(result.train.cost, model.evaluate(two_classes(300)).cost) << "evaluations are of the whole network";
    EXPECT_EQ(model.evaluate(two_classes(300)).cost, model.evaluate(two_classes(300)).cost);
    return model;
  };
  EXPECT_EQ(state_of(trained(0.3, 1)), state_of(trained(0.3, 2)));
  EXPECT_NE(state_of(trained(0.3, 1)).layers, state_of(trained(0.0, 1)).layers);
  EXPECT_GT(trained(0.3, 1).evaluate(two_classes(300)).accuracy, 0.8);
}

/// Samples are changed in training only, in the same way for any number of threads, and differently each time.
TEST(Trainer, SamplesAreChangedInTrainingOnly) {
  const Dataset data = two_classes(300);
  const auto trained = [&](TrainingOptions options, std::size_t threads, std::optional<std::size_t> batch) {
    options.batch_size = batch;
    options.epochs = 30;
    options.execution.threads = threads;
    Trainer trainer({.hidden = {40}, .activation = Activation::tanh}, data, options);
    const TrainingResult result = trainer.fit();
    const Model model = trainer.model();
    EXPECT_EQ(result.train.cost, model.evaluate(data).cost) << "evaluations are of samples as they are";
    return model;
  };
  const TrainingOptions noise{.augmentation = {.input_noise = 0.3}};
  const TrainingOptions mixtures{.augmentation = {.mixup = 0.5}};
  const TrainingOptions distortions{
      .augmentation = {.distortions = {.shift = 0.3, .elastic = 1.0, .elastic_sigma = 0.5}, .image_size = ImageSize{1, 2}},
      .preprocessing = {.normalization = Normalization::standard}};
  for (const auto& options : {noise, mixtures, distortions})
    for (const std::optional<std::size_t> batch : {std::optional<std::size_t>(20), std::optional<std::size_t>()}) {
      EXPECT_EQ(state_of(trained(options, 1, batch)), state_of(trained(options, 2, batch)));
      EXPECT_NE(state_of(trained(options, 1, batch)).layers, state_of(trained({}, 1, batch)).layers);
      EXPECT_GT(trained(options, 1, batch).evaluate(data).accuracy, 0.75);
    }
}

/// A shift by up to one pixel makes a step at pixel 1 appear at 0 and 2 as well.
TEST(Trainer, LearnsFromImagesAtOtherPlaces) {
  std::vector<float> bright_left;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 40; ++i) {
    bright_left.insert(bright_left.end(), {i % 2 == 0 ? 1.0F : 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, i % 2 == 0 ? 0.0F : 1.0F});
    labels.push_back(i % 2);
  }
  const Dataset data = Dataset::classification(bright_left, 6, labels);
  const std::vector<float> elsewhere{0.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 1.0F, 0.0F};
  const auto certainty = [&](double shift) {
    TrainingOptions options;
    options.preprocessing.normalization = Normalization::none;
    options.augmentation.distortions.shift = shift;
    if (shift > 0.0) options.augmentation.image_size = ImageSize{1, 6};
    options.epochs = 300;
    Trainer trainer({.hidden = {}, .loss = Loss::cross_entropy}, data, options);
    trainer.fit();
    const auto scores = trainer.model().predict(elsewhere).values;
    return scores[0] + scores[3];
  };
  EXPECT_GT(certainty(1.0), certainty(0.0) + 0.2F);
}

TEST(Trainer, LearnsWithEveryOptimizerAndLoss) {
  const Dataset classes = two_classes(200);
  for (const Optimizer optimizer : kValues<Optimizer>)
    for (const Loss loss : kValues<Loss>) {
      SCOPED_TRACE(testing::Message() << name(optimizer) << ", " << name(loss));
      TrainingOptions options;
      options.optimizer.kind = optimizer;
      options.batch_size = 20;
      options.epochs = 60;
      if (optimizer >= Optimizer::rmsprop) options.optimizer.learning_rate = 0.01;
      Trainer trainer({.hidden = {8}, .activation = Activation::tanh, .loss = loss}, classes, options);
      EXPECT_GT(trainer.fit().train.accuracy, 0.9);
    }
}

TEST(Trainer, RepeatsBitForBitWithOtherMethods) {
  const auto trained = [] {
    TrainingOptions options;
    options.batch_size = 128;
    options.epochs = 2;
    options.execution.threads = 3;
    options.optimizer.kind = Optimizer::lamb;
    options.optimizer.clip_norm = 0.5;
    options.schedule = Schedule::parse("cosine");
    NetworkSpec network{.hidden = {256, 128}, .activation = Activation::gelu, .loss = Loss::cross_entropy};
    Trainer trainer(network, two_classes(500), options);
    EXPECT_GT(trainer.options().execution.threads, 1U);
    trainer.fit();
    return trainer.model();
  };
  EXPECT_EQ(state_of(trained()), state_of(trained()));
}

TEST(Trainer, RefusesWhatCannotBe) {
  expect_usage_error({.hidden = {3, 0}}, {}, "at least 1");
  expect_usage_error({}, {.optimizer = {.learning_rate = 0.0}}, "learning_rate");
  expect_usage_error({}, {.optimizer = {.learning_rate = -1.0}}, "learning_rate");
  expect_usage_error({}, {.optimizer = {.learning_rate = std::nan("")}}, "learning_rate");
  expect_usage_error({}, {.optimizer = {.learning_rate = 1e300}}, "learning_rate");
  expect_usage_error({}, {.optimizer = {.learning_rate = 1e-50}}, "`learning_rate` is 1e-50, and must be a number above 0");
  expect_usage_error({}, {.initialization = {Initialization::Kind::uniform, 1e300}}, "uniform initial values");
  expect_usage_error({}, {.batch_size = 0}, "batch_size");
  expect_usage_error({.activation = Activation::softmax}, {}, "softmax is for the output layer");
  expect_usage_error({.output_activation = Activation::softmax}, {}, "softmax outputs need the loss cross-entropy");
  expect_usage_error({.output_activation = Activation::tanh, .loss = Loss::cross_entropy}, {},
                     "needs outputs that are softmax");
  expect_usage_error({.label_smoothing = 0.1}, {}, "`label_smoothing` is for the loss cross-entropy");
  expect_usage_error({.loss = Loss::cross_entropy, .label_smoothing = 1.0}, {}, "label_smoothing");
  expect_usage_error({.loss = Loss::cross_entropy, .label_smoothing = std::nan("")}, {}, "label_smoothing");
  expect_usage_error({.loss = Loss::huber, .huber_delta = 0.0}, {}, "huber_delta");
  expect_usage_error({}, {.optimizer = {.momentum = 1.0}}, "momentum");
  expect_usage_error({}, {.optimizer = {.beta1 = -0.1}}, "beta1");
  expect_usage_error({}, {.optimizer = {.beta2 = 1.0}}, "beta2");
  expect_usage_error({}, {.optimizer = {.epsilon = 0.0}}, "epsilon");
  expect_usage_error({}, {.regularization = {.weight_decay = -1.0}}, "weight_decay");
  expect_usage_error({}, {.regularization = {.dropout = 1.0}}, "dropout");
  expect_usage_error({}, {.regularization = {.dropout = -0.1}}, "dropout");
  expect_usage_error({}, {.regularization = {.dropout = std::nan("")}}, "dropout");
  expect_usage_error({.hidden = {}}, {.regularization = {.dropout = 0.5}}, "there is no hidden layer");
  expect_usage_error({}, {.augmentation = {.input_noise = -1.0}}, "input_noise");
  expect_usage_error({}, {.augmentation = {.input_noise = std::numeric_limits<double>::infinity()}}, "input_noise");
  expect_usage_error({}, {.augmentation = {.mixup = -0.1}}, "mixup");
  expect_usage_error({}, {.augmentation = {.mixup = 1e9}},
                     "`mixup` is 1000000000, and must be 0, or a number from 0.001 to 1000");
  expect_usage_error({}, {.augmentation = {.mixup = 1e-9}}, "mixup");
  expect_usage_error({}, {.batch_size = 1, .augmentation = {.mixup = 0.2}}, "a batch has one sample");
  expect_usage_error({}, {.augmentation = {.distortions = {.shift = -1.0}}}, "shift");
  expect_usage_error({}, {.augmentation = {.distortions = {.shift = 1.0}, .image_size = ImageSize{1, 100000}}},
                     "too large to be distorted");
  expect_usage_error({}, {.augmentation = {.distortions = {.rotation = 181.0}}}, "rotate");
  expect_usage_error({}, {.augmentation = {.distortions = {.scaling = 1.0}}}, "scale");
  expect_usage_error({}, {.augmentation = {.distortions = {.elastic = std::nan("")}}}, "elastic");
  expect_usage_error({}, {.augmentation = {.distortions = {.elastic = 1.0, .elastic_sigma = 0.0}}}, "elastic_sigma");
  expect_usage_error({}, {.augmentation = {.distortions = {.shift = 1.0}}}, "which the data does not give");
  expect_usage_error({}, {.augmentation = {.distortions = {.shift = 1.0}, .image_size = ImageSize{3, 1}}},
                     "3 x 1 pixels do not fit");
  expect_usage_error({}, {.augmentation = {.distortions = {.shift = 1.0}, .image_size = ImageSize{0, 2}}},
                     "0 x 2 pixels do not fit");
  expect_usage_error({},
                     {.augmentation = {.distortions = {.shift = 1.0}, .image_size = ImageSize{1, 2}},
                      .preprocessing = {.normalization = Normalization::quantile}},
                     "before they are scaled");
  expect_usage_error({}, {.regularization = {.l1 = std::nan("")}}, "l1");
  expect_usage_error({}, {.regularization = {.l2 = -0.5}}, "l2");
  expect_usage_error({}, {.optimizer = {.clip_norm = 0.0}}, "clip_norm");
  expect_usage_error({}, {.warmup_epochs = 5, .epochs = 5}, "warmup");
  expect_usage_error({}, {.schedule = {Schedule::Kind::step, 0, 0.5}}, "schedule");
  expect_usage_error({}, {.schedule = {Schedule::Kind::step, 1, 2.0}}, "schedule");
  EXPECT_THROW(Trainer({.loss = Loss::cross_entropy}, line_data(20)), UsageError);
  expect_usage_error({}, {.epochs = 0}, "epochs");
  expect_usage_error({}, {.execution = {.threads = 1000000}}, "threads");
  expect_usage_error({}, {.execution = {.precision = Precision::tf32}}, "tf32 needs a GPU");
  expect_usage_error({}, {.execution = {.precision = Precision::bf16}}, "bf16 needs a GPU");
  expect_usage_error({.hidden = {std::numeric_limits<std::size_t>::max() / 3, 7}}, {}, "parameters than can be counted");
  EXPECT_THROW(Trainer({}, two_classes(20), {.execution = {.device = Device::cuda()}}), DeviceError);
  EXPECT_THROW(Trainer({.inputs = 3}, two_classes(20)), DataError);
  EXPECT_THROW(Trainer({.outputs = 3}, two_classes(20)), DataError);
}

TEST(Trainer, RefusesATestPartThatDoesNotFit) {
  Trainer trainer({}, two_classes(20));
  EXPECT_THROW(trainer.fit(line_data(5)), DataError);
  const std::vector<float> inputs{0, 0, 0, 0};
  const std::vector<std::int32_t> labels{0, 2};
  EXPECT_THROW(trainer.fit(Dataset::classification(inputs, 2, labels)), DataError) << "three classes, two outputs";
  const std::vector<std::int32_t> both{0, 1};
  EXPECT_THROW(trainer.fit(Dataset::classification(inputs, 2, both, {"above", "below"})), DataError) << "in another order";
}

/// What a temporary model gives must outlive it.
TEST(Model, GivesCopiesWhenItIsATemporary) {
  const Trainer trainer({}, two_classes(20));
  const auto& schema = trainer.model().schema();
  EXPECT_EQ(schema.class_names.at(1), "above");
  std::size_t count = 0;
  for (const float weight : trainer.model().weights(0)) count += std::isfinite(weight) ? 1U : 0U;
  EXPECT_EQ(count, 60U);
  EXPECT_THROW(static_cast<void>(trainer.model().weights(2)), UsageError);
}

TEST(Model, RefusesToPredictFromNaN) {
  const Trainer trainer({}, two_classes(20));
  const std::vector<float> inputs{0.0F, 0.0F, 0.0F, std::nanf("")};
  EXPECT_THROW(static_cast<void>(trainer.model().predict(inputs)), DataError);
  EXPECT_THROW(static_cast<void>(trainer.model().predict(std::vector<float>(3))), DataError);
  EXPECT_EQ(trainer.model().predict(std::vector<float>{}).samples, 0U);
}

TEST(Model, IsEvaluatedWithoutAConfusionMatrixBeyondManyClasses) {
  const std::size_t classes = 3000;
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < classes; ++i) {
    inputs.push_back(static_cast<float>(i));
    labels.push_back(static_cast<std::int32_t>(i));
  }
  TrainingOptions options;
  options.epochs = 1;
  NetworkSpec network;
  network.hidden = {2};
  Trainer trainer(network, Dataset::classification(inputs, 1, labels), options);
  const TrainingResult result = trainer.fit();
  EXPECT_TRUE(result.train.confusion.empty());
  EXPECT_EQ(result.train.samples, classes);
}

TEST(Trainer, RefusesANetworkThatDoesNotFitInMemory) {
  try {
    const Trainer trainer({.hidden = {2'000'000, 2'000'000}}, two_classes(20));
    FAIL() << "16 TB were found";
  } catch (const OutOfMemory& error) {
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("needs 80 TB"), HasSubstr("are available")));
  }
}

}  // namespace
}  // namespace gradus
