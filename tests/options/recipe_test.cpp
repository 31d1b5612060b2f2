// What recipes choose, and that it can be trained.
#include "gradus/recipe.hpp"

#include <gtest/gtest.h>

#include "gradus/trainer.hpp"
#include "training/example_data.hpp"

namespace gradus {
namespace {

TEST(Recipe, ClassicIsWhatThereIsByDefault) {
  for (const Task task : {Task::classification, Task::regression}) {
    const RecipeChoices chosen = choices(Recipe::classic, task, 1000);
    EXPECT_EQ(chosen.network, NetworkSpec());
    EXPECT_EQ(chosen.training.optimizer.kind, Optimizer::sgd);
    EXPECT_FALSE(chosen.training.batch_size);
    EXPECT_FALSE(chosen.validation_fraction);
  }
}

TEST(Recipe, TakesTheLossThatTheTaskAsksFor) {
  for (const Recipe recipe : {Recipe::tabular, Recipe::image}) {
    EXPECT_EQ(choices(recipe, Task::classification, 1000).network.loss, Loss::cross_entropy);
    EXPECT_EQ(choices(recipe, Task::regression, 1000).network.loss, Loss::mse);
    EXPECT_EQ(choices(recipe, Task::regression, 1000).network.label_smoothing, 0.0);
  }
}

/// Small tables are read more often than large ones, in smaller batches; a handful of samples is not split once more.
TEST(Recipe, TabularGoesByTheNumberOfSamples) {
  std::size_t batch = 0;
  std::size_t epochs = 1000000;
  for (const std::size_t samples : {1, 10, 150, 1000, 16512, 100000, 10000000}) {
    const RecipeChoices chosen = choices(Recipe::tabular, Task::regression, samples);
    EXPECT_GE(*chosen.training.batch_size, batch);
    EXPECT_LE(*chosen.training.epochs, epochs);
    EXPECT_GE(*chosen.training.epochs, 20U);
    EXPECT_EQ(chosen.validation_fraction.has_value(), samples >= 200);
    EXPECT_EQ(chosen.training.regularization.dropout, samples < 2000 ? 0.2 : 0.1);
    const RecipeChoices of_classes = choices(Recipe::tabular, Task::classification, samples);
    EXPECT_EQ(of_classes.validation_fraction.has_value(), samples >= 5000);
    EXPECT_EQ(of_classes.network.label_smoothing, samples < 2000 ? 0.1 : 0.0);
    batch = *chosen.training.batch_size;
    epochs = *chosen.training.epochs;
  }
  EXPECT_EQ(batch, 256U);
}

TEST(Recipe, DistortsImagesOfWhichTheSizeIsKnown) {
  const auto distortions = [](Recipe recipe, Task task, std::optional<ImageSize> size) {
    return choices(recipe, task, 1000, size).training.augmentation.distortions;
  };
  EXPECT_FALSE(distortions(Recipe::image, Task::classification, std::nullopt).is_any());
  EXPECT_FALSE(distortions(Recipe::image, Task::regression, ImageSize{28, 28}).is_any());
  EXPECT_FALSE(distortions(Recipe::tabular, Task::classification, ImageSize{28, 28}).is_any());
  const Distortions small = distortions(Recipe::image, Task::classification, ImageSize{28, 20});
  const Distortions large = distortions(Recipe::image, Task::classification, ImageSize{28, 56});
  EXPECT_EQ(small.shift, 1.0);
  EXPECT_EQ(large.shift, 2.0);
  // Displacements have a deviation in proportion to α / σ.
  EXPECT_DOUBLE_EQ(large.elastic / large.elastic_sigma, 2.0 * small.elastic / small.elastic_sigma);
}

TEST(Recipe, LearnsClassesAndNumbers) {
  for (const Recipe recipe : {Recipe::tabular, Recipe::image}) {
    SCOPED_TRACE(name(recipe));
    RecipeChoices chosen = choices(recipe, Task::classification, 400);
    Trainer classes(chosen.network, testing_support::two_classes(400), chosen.training);
    EXPECT_GT(classes.fit().train.accuracy, 0.93);
    chosen = choices(recipe, Task::regression, 100);
    chosen.training.epochs = 100;
    Trainer numbers(chosen.network, testing_support::line_data(100), chosen.training);
    EXPECT_GT(numbers.fit().train.r2, 0.95);  // with dropout, a line cannot be fitted exactly
  }
}

}  // namespace
}  // namespace gradus
