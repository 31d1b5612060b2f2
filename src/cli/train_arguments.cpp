#include "cli/train_arguments.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/arguments.hpp"
#include "cli/config_file.hpp"
#include "cli/values.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {
namespace {

using Words = TrainWords;

void declare(Arguments& arguments, Words& words, TrainRequest& request) {
  arguments.positional("DATA", request.data, "a file or folder to learn from, such as digits.csv");
  arguments.option("--config", words.config);
  request.reading.add_to(arguments);
  arguments.option("--recipe", words.recipe);
  request.reading.add_learning_to(arguments);
  arguments.option("--test", words.test);
  arguments.option("--test-fraction", words.test_fraction);
  arguments.option("--folds", words.folds);
  arguments.option("--validation", words.validation);
  arguments.option("--validation-fraction", words.validation_fraction);
  arguments.option("--patience", words.patience);
  arguments.option("--monitor", words.monitor);
  arguments.option("--stop-at", words.stop_at);
  arguments.option("--time-limit", words.time_limit);
  arguments.option("--hidden", words.hidden);
  arguments.option("--activation", words.activation);
  arguments.option("--output-activation", words.output_activation);
  arguments.option("--loss", words.loss);
  arguments.option("--label-smoothing", words.label_smoothing);
  arguments.option("--huber-delta", words.huber_delta);
  arguments.option("--optimizer", words.optimizer);
  arguments.option("--momentum", words.momentum);
  arguments.option("--beta1", words.beta1);
  arguments.option("--beta2", words.beta2);
  arguments.option("--epsilon", words.epsilon);
  arguments.option("--class-weights", words.class_weights);
  arguments.option("--dropout", words.dropout);
  arguments.option("--input-noise", words.input_noise);
  arguments.option("--mixup", words.mixup);
  arguments.option("--shift", words.shift);
  arguments.option("--rotate", words.rotate);
  arguments.option("--scale", words.scale);
  arguments.option("--elastic", words.elastic);
  arguments.option("--image-size", words.image_size);
  arguments.option("--weight-decay", words.weight_decay);
  arguments.option("--l1", words.l1);
  arguments.option("--l2", words.l2);
  arguments.option("--clip-norm", words.clip_norm);
  arguments.option("--learning-rate", words.learning_rate);
  arguments.option("--schedule", words.schedule);
  arguments.option("--warmup", words.warmup);
  arguments.option("--batch-size", words.batch_size);
  arguments.option("--epochs", words.epochs);
  arguments.option("--init", words.init);
  arguments.option("--seed", words.seed);
  arguments.option("--normalize", words.normalize);
  arguments.option("--device", words.device);
  arguments.option("--threads", words.threads);
  arguments.option("--precision", words.precision);
  arguments.option("--output", words.output);
  arguments.option("--report-every", words.report_every);
  arguments.flag("--overwrite", request.overwrite);
  arguments.flag("--json", request.json);
  arguments.flag("--quiet", request.quiet);
}

void read_network(const Words& words, NetworkSpec& network) {
  if (words.hidden) network.hidden = hidden_widths("--hidden", *words.hidden);
  if (words.activation) network.activation = choice<Activation>("--activation", *words.activation);
  if (words.output_activation)
    network.output_activation = choice<Activation>("--output-activation", *words.output_activation);
  if (words.loss) network.loss = choice<Loss>("--loss", *words.loss);
  if (network.loss != Loss::cross_entropy) network.label_smoothing = 0.0;  // a recipe's is for its own loss
  if (words.label_smoothing) network.label_smoothing = part_of_one("--label-smoothing", *words.label_smoothing);
  if (words.huber_delta) network.huber_delta = positive_number("--huber-delta", *words.huber_delta);
  if (words.huber_delta && network.loss != Loss::huber)
    throw UsageError(fmt::format("--huber-delta is for --loss huber, and the loss is {}", name(network.loss)));
}

/// An option that would change nothing is a mistake that the user should know of.
void require_optimizer(const Words::Word& word, std::string_view option, Optimizer chosen,
                       std::initializer_list<Optimizer> fitting) {
  if (!word || std::find(fitting.begin(), fitting.end(), chosen) != fitting.end()) return;
  std::vector<std::string_view> names;
  for (const Optimizer optimizer : fitting) names.push_back(name(optimizer));
  throw UsageError(
      fmt::format("{} is for the optimizers {}, and the optimizer is {}", option, fmt::join(names, ", "), name(chosen)));
}

void read_optimizer(const Words& words, TrainingOptions& training) {
  using enum Optimizer;
  if (words.optimizer) training.optimizer = choice<Optimizer>("--optimizer", *words.optimizer);
  require_optimizer(words.momentum, "--momentum", training.optimizer, {momentum, nesterov});
  require_optimizer(words.beta1, "--beta1", training.optimizer, {adam, adamw, lamb});
  require_optimizer(words.beta2, "--beta2", training.optimizer, {rmsprop, adam, adamw, lamb});
  require_optimizer(words.epsilon, "--epsilon", training.optimizer, {rmsprop, adam, adamw, lamb});
  if (words.momentum) training.momentum = part_of_one("--momentum", *words.momentum);
  if (words.beta1) training.beta1 = part_of_one("--beta1", *words.beta1);
  if (words.beta2) training.beta2 = part_of_one("--beta2", *words.beta2);
  if (words.epsilon) training.epsilon = positive_number("--epsilon", *words.epsilon);
  if (words.dropout) training.dropout = part_of_one("--dropout", *words.dropout);
  if (words.weight_decay) training.weight_decay = number_from_zero("--weight-decay", *words.weight_decay);
  if (words.l1) training.l1 = number_from_zero("--l1", *words.l1);
  if (words.l2) training.l2 = number_from_zero("--l2", *words.l2);
  if (words.clip_norm) training.clip_norm = positive_number("--clip-norm", *words.clip_norm);
}

void read_augmentation(const Words& words, TrainingOptions& training) {
  if (words.input_noise) training.input_noise = number_from_zero("--input-noise", *words.input_noise);
  if (words.mixup) training.mixup = number_from_zero("--mixup", *words.mixup);
  Distortions& distortions = training.distortions;
  if (words.shift) distortions.shift = number_from_zero("--shift", *words.shift);
  if (words.rotate) distortions.rotation = number_from_zero("--rotate", *words.rotate);
  if (words.scale) distortions.scaling = part_of_one("--scale", *words.scale);
  if (words.elastic) {
    const ElasticDistortion elastic = elastic_distortion("--elastic", *words.elastic);
    distortions.elastic = elastic.alpha;
    if (elastic.sigma) distortions.elastic_sigma = *elastic.sigma;
  }
  if (!words.image_size || words.image_size == "none") return;
  if (!distortions.is_any())
    throw UsageError(
        "--image-size is for images that are distorted, and here nothing distorts them: give --shift, --rotate, "
        "--scale or --elastic, or --image-size none");
  training.image_size = image_size("--image-size", *words.image_size);
}

void read_method(const Words& words, TrainingOptions& training) {
  if (words.learning_rate) training.learning_rate = positive_number("--learning-rate", *words.learning_rate);
  if (words.schedule) training.schedule = schedule("--schedule", *words.schedule);
  if (words.warmup) training.warmup_epochs = count("--warmup", *words.warmup);
  if (words.batch_size == "full")
    training.batch_size = std::nullopt;
  else if (words.batch_size)
    training.batch_size = batch_size("--batch-size", *words.batch_size);
  if (words.epochs) training.epochs = count("--epochs", *words.epochs);
  if (words.init) training.initialization = initialization("--init", *words.init);
  if (words.seed) training.seed = whole_number("--seed", *words.seed, 0);
  if (words.normalize) training.normalization = choice<Normalization>("--normalize", *words.normalize);
  if (words.report_every) training.report_every = count("--report-every", *words.report_every);
}

/// Which data are apart, and what they decide.
void read_parts(const Words& words, TrainRequest& request) {
  const bool has_test_fraction = words.test_fraction && words.test_fraction != "none";
  if (words.test && has_test_fraction)
    throw UsageError("--test and --test-fraction exclude each other: give the test data, or the part of DATA to hold out");
  if (words.validation && words.validation_fraction)
    throw UsageError(
        "--validation and --validation-fraction exclude each other: give the validation data, or the part of DATA to take");
  if (words.folds && (words.test || has_test_fraction))
    throw UsageError(fmt::format("--folds and {} exclude each other: each fold is a test part once",
                                 words.test ? "--test" : "--test-fraction"));
  for (const auto& [is_given, option] :
       {std::pair(words.output.has_value(), "--output"), std::pair(request.overwrite, "--overwrite")})
    if (words.folds && is_given) throw UsageError(fmt::format("--folds writes no model, so there is no use for {}", option));
  if (words.folds) request.folds = count("--folds", *words.folds);
  if (request.folds == std::size_t{1}) throw UsageError("--folds: there must be at least 2");
  if (words.test) refuse_standard_input_twice(request.data, *words.test);
  if (words.validation) refuse_standard_input_twice(request.data, *words.validation);
  if (words.validation && words.test) refuse_standard_input_twice(*words.validation, *words.test);
  request.test = words.test;
  request.validation = words.validation;
  if (has_test_fraction) request.test_fraction = fraction("--test-fraction", *words.test_fraction);
  if (words.validation_fraction && words.validation_fraction != "none")
    request.validation_fraction = fraction("--validation-fraction", *words.validation_fraction);
}

bool has_validation(const TrainRequest& request) {
  return request.validation || request.validation_fraction;
}

void read_end(const Words& words, bool has_validation, TrainingOptions& training) {
  for (const auto& [word, option] : {std::pair(&words.patience, "--patience"), std::pair(&words.monitor, "--monitor"),
                                     std::pair(&words.stop_at, "--stop-at")})
    if (*word && !has_validation)
      throw UsageError(
          fmt::format("{} needs a validation part; give --validation-fraction 0.1, or --validation DATA", option));
  if (words.patience) training.patience = count("--patience", *words.patience);
  if (words.monitor) training.monitor = choice<Monitor>("--monitor", *words.monitor);
  if (words.stop_at) training.stop_at = number_from_zero("--stop-at", *words.stop_at);
  if (words.time_limit) training.time_limit = seconds("--time-limit", *words.time_limit);
}

void read_machine(const Words& words, TrainingOptions& training) {
  if (words.device) training.device = device("--device", *words.device);
  if (words.threads) training.threads = count("--threads", *words.threads);
  if (words.precision) training.precision = choice<Precision>("--precision", *words.precision);
}

/// The value of an option on the command line, or nothing.
std::optional<std::string> value_in(const std::vector<std::string>& words, std::string_view option) {
  std::optional<std::string> value;
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i] == option && i + 1 < words.size()) value = words[i + 1];
    if (words[i].starts_with(option) && words[i].size() > option.size() && words[i][option.size()] == '=')
      value = words[i].substr(option.size() + 1);
  }
  return value;
}

/// Options of a config file that make no sense beside what the command line chooses instead.
std::vector<std::string_view> replaced_options(const std::vector<std::string>& words) {
  struct Choice {
    std::string_view option;
    std::vector<std::string_view> replaced;
  };
  const std::array<Choice, 7> choices{{{"--test", {"--test-fraction"}},
                                       {"--folds", {"--test", "--test-fraction", "--output", "--overwrite"}},
                                       {"--test-fraction", {"--test"}},
                                       {"--validation", {"--validation-fraction"}},
                                       {"--validation-fraction", {"--validation"}},
                                       {"--optimizer", {"--momentum", "--beta1", "--beta2", "--epsilon"}},
                                       {"--loss", {"--output-activation", "--label-smoothing", "--huber-delta"}}}};
  std::vector<std::string_view> replaced;
  for (const Choice& choice : choices)
    if (value_in(words, choice.option)) replaced.insert(replaced.end(), choice.replaced.begin(), choice.replaced.end());
  return replaced;
}

/// The words of the config file, if one is asked for, and behind them those given, which win.
std::vector<std::string> with_config(const std::vector<std::string>& words, const Arguments& arguments,
                                     TrainRequest& request) {
  const auto path = value_in(words, "--config");
  if (!path) return words;
  Config config = read_config(*path, arguments, replaced_options(words));
  if (config.data) request.data = *config.data;
  config.words.insert(config.words.end(), words.begin(), words.end());
  return config.words;
}

}  // namespace

TrainRequest parse_train(const std::vector<std::string>& words_given) {
  TrainRequest request;
  Words& words = request.words;
  Arguments arguments("train");
  declare(arguments, words, request);
  arguments.parse(with_config(words_given, arguments, request));

  if (words.recipe) request.recipe = choice<Recipe>("--recipe", *words.recipe);
  read_parts(words, request);
  static_cast<void>(request.reading.options());  // a wrong value must not wait until other work is done
  TrainRequest many = request;                   // samples: then every recipe has the parts that it may have
  choose_method(many, request.reading.options().task.value_or(Task::classification),
                std::numeric_limits<std::uint32_t>::max());
  request.network = many.network;
  request.training = many.training;
  if (words.output && words.output->empty()) throw UsageError("--output: the name of the folder is empty");
  if (words.output) request.output = *words.output;
  return request;
}

void choose_method(TrainRequest& request, Task task, std::size_t samples, std::optional<ImageSize> images) {
  const Words& words = request.words;
  if (words.image_size && words.image_size != "none") images = image_size("--image-size", *words.image_size);
  RecipeChoices chosen = choices(request.recipe, task, samples, images);
  if (!has_validation(request) && !words.validation_fraction) request.validation_fraction = chosen.validation_fraction;
  request.network = std::move(chosen.network);
  request.training = chosen.training;
  if (const auto policy = request.reading.missing_policy()) request.training.missing = *policy;
  read_network(words, request.network);
  read_optimizer(words, request.training);
  // A recipe's dropout is for its own hidden layers; the user's is an error without any.
  if (request.network.hidden.empty() && !words.dropout) request.training.dropout = 0.0;
  // Nor do a recipe's distortions go together with quantiles.
  if (words.normalize == name(Normalization::quantile)) request.training.distortions = {};
  read_augmentation(words, request.training);
  read_method(words, request.training);
  read_end(words, has_validation(request), request.training);
  read_machine(words, request.training);
}

}  // namespace gradus::cli
