// Samples that have several labels, and several numbers.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/temporary_folder.hpp"
#include "data/data_testing.hpp"
#include "gradus/metrics.hpp"
#include "gradus/recipe.hpp"
#include "gradus/trainer.hpp"
#include "model/model_state.hpp"

namespace gradus {
namespace {

/// Points in a square: right, above, and in the middle third of both axes.
Dataset squares(std::size_t samples) {
  std::vector<float> inputs;
  std::vector<std::uint8_t> labels;
  for (std::size_t i = 0; i < samples; ++i) {
    const auto x = static_cast<float>(i * 7919 % 1000) / 1000.0F;
    const auto y = static_cast<float>(i * 104729 % 997) / 997.0F;
    inputs.insert(inputs.end(), {x, y});
    labels.push_back(x > 0.5F ? 1 : 0);
    labels.push_back(y > 0.5F ? 1 : 0);
    labels.push_back(std::abs(x - 0.5F) < 0.17F && std::abs(y - 0.5F) < 0.17F ? 1 : 0);
  }
  return Dataset::multi_label(inputs, 2, labels, 3, {"right", "above", "middle"});
}

NetworkSpec entropy() {
  return {.hidden = {24}, .activation = Activation::tanh, .loss = Loss::binary_cross_entropy};
}

TrainingOptions quick() {
  TrainingOptions options;
  options.optimizer.kind = Optimizer::adam;
  options.optimizer.learning_rate = 0.02;
  options.batch_size = 16;
  options.epochs = 60;
  return options;
}

TEST(Labels, AreLearntEachByItself) {
  const auto [train, test] = squares(500).split(0.2, 1);
  Trainer trainer(entropy(), train, quick());
  EXPECT_EQ(trainer.network().output_activation, Activation::sigmoid);
  const TrainingResult result = trainer.fit(test);
  EXPECT_EQ(result.test->task, Task::multi_label);
  EXPECT_GT(result.test->label_accuracy, 0.95);
  EXPECT_GT(result.test->accuracy, 0.85);
  EXPECT_LE(result.test->accuracy, result.test->label_accuracy);
  EXPECT_EQ(static_cast<double>(result.test->correct) / static_cast<double>(test.samples()), result.test->accuracy);
}

/// Compared with the predictions.
TEST(Labels, FiguresAreThoseOfThePredictions) {
  const Dataset data = squares(200);
  for (const Loss loss : {Loss::binary_cross_entropy, Loss::mse}) {
    NetworkSpec network = entropy();
    network.loss = loss;
    Trainer trainer(network, data, quick());
    trainer.fit();
    const Model model = trainer.model();
    const Predictions predictions = model.predict(data);
    EXPECT_TRUE(predictions.classes.empty());
    double cost = 0.0;
    double logarithms = 0.0;
    std::size_t right = 0;
    std::size_t all_right = 0;
    for (std::size_t i = 0; i < data.samples(); ++i) {
      std::size_t of_sample = 0;
      for (std::size_t j = 0; j < 3; ++j) {
        const auto y = static_cast<double>(predictions.values[3 * i + j]);
        const auto t = static_cast<double>(data.target(i, j));
        if ((y > 0.5) == (t > 0.5)) ++of_sample;
        logarithms -= t > 0.5 ? std::log(y) : std::log(1.0 - y);
        cost += 0.5 * (y - t) * (y - t);
      }
      right += of_sample;
      if (of_sample == 3) ++all_right;
    }
    const Evaluation found = model.evaluate(data, Device::automatic(), 0, Details::classes);
    EXPECT_EQ(found.correct, all_right);
    EXPECT_DOUBLE_EQ(found.label_accuracy, static_cast<double>(right) / 600.0);
    EXPECT_NEAR(found.cost, (loss == Loss::mse ? cost : logarithms) / 200.0, 1e-4 * found.cost);

    const ClassificationMetrics metrics = classification_metrics(model, predictions, data);
    EXPECT_EQ(found.details.value().macro_f1, metrics.macro_f1);
    ASSERT_EQ(metrics.classes.size(), 3U);
    EXPECT_NEAR(metrics.log_loss.value(), logarithms / 600.0, 1e-4 * metrics.log_loss.value());
    EXPECT_TRUE(metrics.top_k.empty());
    EXPECT_FALSE(metrics.calibration_error);
    std::size_t there = 0;
    std::size_t found_there = 0;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < data.samples(); ++i) {
      const bool has = data.target(i, 2) > 0.5F;
      const bool predicted = predictions.values[3 * i + 2] > 0.5F;
      there += has ? 1 : 0;
      taken += predicted ? 1 : 0;
      found_there += has && predicted ? 1 : 0;
    }
    EXPECT_EQ(metrics.classes[2].samples, there);
    if (there > 0) {
      EXPECT_DOUBLE_EQ(metrics.classes[2].recall, static_cast<double>(found_there) / static_cast<double>(there));
    }
    if (taken > 0) {
      EXPECT_DOUBLE_EQ(metrics.classes[2].precision, static_cast<double>(found_there) / static_cast<double>(taken));
    }
    EXPECT_GT(metrics.classes[0].roc_auc, 0.99);
  }
}

TEST(Labels, GoThroughAModelFile) {
  const testing_support::TemporaryFolder folder;
  Trainer trainer(entropy(), squares(60), quick());
  trainer.fit();
  const Model model = trainer.model();
  model.save(folder.path() / "m.safetensors");
  const Model loaded = Model::load(folder.path() / "m.safetensors");
  EXPECT_EQ(loaded.schema(), model.schema());
  EXPECT_EQ(internal::state_of(loaded), internal::state_of(model));
  EXPECT_EQ(loaded.evaluate(squares(60)).cost, model.evaluate(squares(60)).cost);
}

TEST(Labels, AreKeptByTheEpochThatIsBestOfTheValidationPart) {
  const auto [train, validation] = squares(200).split(0.3, 1);
  TrainingOptions options = quick();
  options.stopping.monitor = Monitor::accuracy;
  options.stopping.patience = 3;
  Trainer trainer(entropy(), train, options);
  const TrainingResult result = trainer.fit({.validation = validation});
  EXPECT_TRUE(result.best_epoch.has_value());
  EXPECT_EQ(trainer.model().evaluate(validation).accuracy, result.validation->accuracy);
}

TEST(Labels, TakeTheirLossFromRecipes) {
  for (const Recipe recipe : {Recipe::tabular, Recipe::image}) {
    const RecipeChoices chosen = choices(recipe, Task::multi_label, 500);
    EXPECT_EQ(chosen.network.loss, Loss::binary_cross_entropy);
    EXPECT_EQ(chosen.network.label_smoothing, 0.0);
    Trainer trainer(chosen.network, squares(500), chosen.training);
    EXPECT_GT(trainer.fit().train.label_accuracy, 0.9);
  }
}

TEST(Labels, RefuseWhatIsOfClassesOrNumbers) {
  const auto error = [](const NetworkSpec& network, const TrainingOptions& options) {
    return testing_support::message_of<UsageError>([&] { Trainer(network, squares(20), options); });
  };
  using testing_support::contains;
  EXPECT_TRUE(contains(error({.loss = Loss::cross_entropy}, {}), "binary-cross-entropy"));
  EXPECT_TRUE(contains(error({}, {.class_weights = {1.0, 1.0, 1.0}}), "one class each"));
  EXPECT_TRUE(contains(error({}, {.stopping = {.monitor = Monitor::rmse}}),
                       "the metric rmse does not exist for multi-label models; use cost or accuracy"));
}

/// Two targets, linear in the features, each in its own units.
TEST(SeveralNumbers, OfATableAreLearnt) {
  std::string text = "x,double,far\n";
  for (int i = 0; i < 50; ++i)
    text += std::to_string(i) + "," + std::to_string(2 * i) + "," + std::to_string(1000000 - 3000 * i) + "\n";
  const Dataset data = testing_support::read_table(text, {.target = "far,double"});
  EXPECT_EQ(data.task(), Task::regression);
  TrainingOptions options;
  options.optimizer.learning_rate = 0.2;
  options.epochs = 300;
  Trainer trainer({.hidden = {}}, data, options);
  EXPECT_GT(trainer.fit().train.r2, 0.999);
  const std::vector<float> ten{10.0F};
  const auto values = trainer.model().predict(ten).values;
  ASSERT_EQ(values.size(), 2U);
  EXPECT_NEAR(values[0], 970000.0F, 2000.0F);
  EXPECT_NEAR(values[1], 20.0F, 1.0F);
}

}  // namespace
}  // namespace gradus
