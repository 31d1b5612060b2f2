#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/data_arguments.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/recipe.hpp"
#include "gradus/training_options.hpp"

namespace gradus::cli {

/// The options as they were written; one that was not given is empty.
struct TrainWords {
  using Word = std::optional<std::string>;
  Word config, recipe, test, test_fraction, validation, validation_fraction;
  Word folds, patience, monitor, stop_at, time_limit;
  Word hidden, activation, output_activation, loss, label_smoothing, huber_delta;
  Word optimizer, momentum, beta1, beta2, epsilon;
  Word class_weights, dropout, weight_decay, l1, l2, clip_norm;
  Word input_noise, mixup, shift, rotate, scale, elastic, image_size;
  Word learning_rate, schedule, warmup;
  Word batch_size, epochs, init, seed, normalize;
  Word device, threads, precision;
  Word output, report_every;
};

/// All that the user asked of `gradus train`. What was not given is left to the recipe, and then to the library, which
/// resolves it.
struct TrainRequest {
  TrainWords words;
  std::string data;
  Recipe recipe = Recipe::classic;
  DataArguments reading;
  std::optional<std::string> test;
  std::optional<double> test_fraction;
  std::optional<std::string> validation;
  std::optional<double> validation_fraction;
  std::optional<std::size_t> folds;
  // Of the recipe for a classification, until the data are known.
  NetworkSpec network;
  TrainingOptions training;
  std::filesystem::path output = "gradus-run";
  bool overwrite = false;
  bool json = false;
  bool quiet = false;
};

/// Throws UsageError.
[[nodiscard]] TrainRequest parse_train(const std::vector<std::string>& words);

/// Takes what the recipe chooses for this task and so many samples, images of this size perhaps, and what was given. Throws
/// UsageError for what does not go together then.
void choose_method(TrainRequest& request, Task task, std::size_t samples, std::optional<ImageSize> images = std::nullopt);

}  // namespace gradus::cli
