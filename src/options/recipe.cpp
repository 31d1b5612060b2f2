#include "gradus/recipe.hpp"

#include <algorithm>
#include <bit>

namespace gradus {
namespace {

/// AdamW along one cycle: large steps in the middle of the run, which find flat regions, and small ones at its end.
TrainingOptions one_cycle(double learning_rate, double weight_decay) {
  TrainingOptions options;
  options.optimizer.kind = Optimizer::adamw;
  options.optimizer.learning_rate = learning_rate;
  options.regularization.weight_decay = weight_decay;
  options.schedule.kind = Schedule::Kind::one_cycle;
  return options;
}

NetworkSpec relu_network(std::initializer_list<std::size_t> hidden, Task task) {
  NetworkSpec network;
  network.hidden = hidden;
  network.activation = Activation::relu;
  network.loss = task == Task::classification ? Loss::cross_entropy
                 : task == Task::multi_label  ? Loss::binary_cross_entropy
                                              : Loss::mse;
  return network;
}

RecipeChoices tabular(Task task, std::size_t samples) {
  // Some hundred steps in an epoch, and some thousand in all: small tables are read more often than large ones.
  constexpr std::size_t kStepsPerEpoch = 200;
  constexpr std::size_t kSteps = 15000;
  // The validation set is not trained on. Regressions overfit without one. Classifications have smoothed targets, and a
  // small table loses more by the missing rows than it gains by the choice of the epoch.
  const std::size_t fewest_for_validation = task == Task::regression ? 200 : 5000;
  constexpr std::size_t kFew = 2000;  // samples, which a network of this size can memorize
  RecipeChoices choices;
  choices.network = relu_network({128, 64}, task);
  choices.training = one_cycle(0.003, 0.02);
  choices.training.preprocessing.missing = Missing::indicator;
  choices.training.regularization.dropout = samples < kFew ? 0.2 : 0.1;
  if (task == Task::classification && samples < kFew) choices.network.label_smoothing = 0.1;
  const std::size_t batch = std::clamp<std::size_t>(std::bit_floor(samples / kStepsPerEpoch), 16, 256);
  const std::size_t steps = std::max<std::size_t>(1, samples / batch);
  choices.training.batch_size = batch;
  choices.training.epochs = std::clamp<std::size_t>(kSteps / steps, 20, 200);
  if (samples >= fewest_for_validation) choices.validation_fraction = 0.1;
  return choices;
}

/// Mild ones, which leave what most images show: they grow with the images, from what is good for 28 × 28 pixels.
Distortions mild_distortions(const ImageSize& size) {
  constexpr double kMost = 50.0;  // images of 1,400 pixels: for larger ones the distortions would exceed their ranges
  const double relative = std::min(kMost, static_cast<double>(std::max(size.height, size.width)) / 28.0);
  Distortions distortions;
  distortions.shift = relative;
  distortions.elastic = 20.0 * relative * relative;
  distortions.elastic_sigma = 4.0 * relative;
  return distortions;
}

RecipeChoices image(Task task, const std::optional<ImageSize>& size) {
  RecipeChoices choices;
  choices.network = relu_network({512, 256}, task);
  if (task == Task::classification) choices.network.label_smoothing = 0.05;
  choices.training = one_cycle(0.003, 0.05);
  choices.training.initialization.kind = Initialization::Kind::he;
  choices.training.batch_size = 128;
  choices.training.epochs = 20;
  // Numbers, such as angles and places, may be what a distortion changes.
  if (size && task != Task::regression) choices.training.augmentation.distortions = mild_distortions(*size);
  return choices;
}

}  // namespace

RecipeChoices choices(Recipe recipe, Task task, std::size_t samples, std::optional<ImageSize> images) {
  switch (recipe) {
    case Recipe::classic:
      break;
    case Recipe::tabular:
      return tabular(task, samples);
    case Recipe::image:
      return image(task, images);
  }
  return {};
}

}  // namespace gradus
