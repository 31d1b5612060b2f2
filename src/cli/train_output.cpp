#include "cli/train_output.hpp"

#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/output.hpp"
#include "cli/text.hpp"
#include "gradus/version.hpp"

namespace gradus::cli {
namespace {

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// By name where the data has names, else as it was given; of a table without names the column's number.
Json resolved_target(const TrainRequest& request, const DataSchema& schema) {
  if (schema.target_names.size() == 1) return schema.target_names.front();
  if (request.reading.target) return *request.reading.target;
  if (schema.target_columns.front() > 0) return std::to_string(schema.target_columns.front() + 1);  // 0 for arrays, images
  return nullptr;
}

/// Those of its numbers that the optimizer has.
void add_optimizer(Json& json, const TrainingOptions& options) {
  using enum Optimizer;
  const Optimizer kind = options.optimizer;
  json["optimizer"] = name(kind);
  if (kind == momentum || kind == nesterov) json["momentum"] = options.momentum;
  const bool is_adam = kind == adam || kind == adamw || kind == lamb;
  if (is_adam) json["beta1"] = options.beta1;
  if (is_adam || kind == rmsprop) {
    json["beta2"] = or_null(options.beta2);
    json["epsilon"] = options.epsilon;
  }
  json["dropout"] = options.dropout;
  json["weight_decay"] = or_null(options.weight_decay);
  json["l1"] = options.l1;
  json["l2"] = options.l2;
  if (options.clip_norm) json["clip_norm"] = *options.clip_norm;
}

/// What is done to samples.
void add_augmentation(Json& json, const TrainingOptions& options) {
  json["input_noise"] = options.input_noise;
  json["mixup"] = options.mixup;
  const Distortions& distortions = options.distortions;
  json["shift"] = distortions.shift;
  json["rotate"] = distortions.rotation;
  json["scale"] = distortions.scaling;
  json["elastic"] = fmt::format("{}:{}", distortions.elastic, distortions.elastic_sigma);
  if (options.image_size) json["image_size"] = fmt::format("{}x{}", options.image_size->height, options.image_size->width);
}

std::string command_line(const Invocation& invocation, std::string_view command, const RunFolder& folder,
                         const TrainRequest& request, const std::string& data) {
  std::string line = fmt::format("{} {} {} {}", shell_quoted(invocation.program), command,
                                 shell_quoted(folder.model().string()), shell_quoted(data));
  for (const std::string& word : request.reading.layout_words()) line += fmt::format(" {}", shell_quoted(word));
  return line;
}

}  // namespace

bool has_model(const TrainingResult& result) {
  return result.end != TrainingResult::End::diverged || std::isfinite(result.train.cost);
}

Json options_to_json(const TrainRequest& request, const Trainer& trainer, const TrainData& data) {
  const NetworkSpec& network = trainer.network();
  const TrainingOptions& options = trainer.options();
  const bool full_batch = options.batch_size.value_or(0) >= data.train.samples();
  Json json;
  json["version"] = version();
  json["recipe"] = name(request.recipe);
  json["data"] = request.data;
  json["target"] = resolved_target(request, data.train.schema());
  json["task"] = name(data.train.task());
  if (request.reading.header) json["header"] = *request.reading.header;
  if (request.reading.delimiter) json["delimiter"] = *request.reading.delimiter;
  if (request.reading.ignored) json["ignore"] = *request.reading.ignored;
  if (request.reading.categorical) json["categorical"] = *request.reading.categorical;
  if (request.reading.most_categories) json["most_categories"] = *request.reading.most_categories;
  if (request.reading.weights) json["weights"] = *request.reading.weights;
  json["missing"] = name(data.train.schema().missing);
  json["test"] = or_null(request.test);
  json["test_fraction"] = or_null(request.test_fraction);
  if (request.validation) json["validation"] = *request.validation;
  if (!request.validation)
    json["validation_fraction"] = request.validation_fraction ? Json(*request.validation_fraction) : Json("none");
  if (data.validation) json["monitor"] = name(trainer.options().monitor);
  if (options.patience) json["patience"] = *options.patience;
  if (options.stop_at) json["stop_at"] = *options.stop_at;
  if (options.time_limit) json["time_limit"] = *options.time_limit;
  json["inputs"] = network.inputs;
  json["hidden"] = network.hidden;
  json["outputs"] = network.outputs;
  json["activation"] = name(network.activation);
  json["output_activation"] = name(network.output_activation.value_or(network.activation));
  json["loss"] = name(network.loss);
  if (network.loss == Loss::cross_entropy) json["label_smoothing"] = network.label_smoothing;
  if (network.loss == Loss::huber) json["huber_delta"] = network.huber_delta;
  if (request.words.class_weights) json["class_weights"] = *request.words.class_weights;
  add_optimizer(json, options);
  add_augmentation(json, options);
  json["learning_rate"] = or_null(options.learning_rate);
  json["schedule"] = options.schedule.to_string();
  if (options.warmup_epochs > 0) json["warmup"] = options.warmup_epochs;
  json["batch_size"] = full_batch ? Json("full") : or_null(options.batch_size);
  json["epochs"] = or_null(options.epochs);
  json["init"] = options.initialization.to_string();
  json["seed"] = options.seed;
  json["normalize"] = name(options.normalization);
  json["device"] = options.device.to_string();
  json["threads"] = options.threads;
  json["precision"] = name(options.precision);
  json["report_every"] = or_null(options.report_every);
  json["output"] = request.output.string();
  return json;
}

void print_next_commands(const Invocation& invocation, const TrainRequest& request, bool has_test_part,
                         const RunFolder& folder, Messages& messages) {
  // Standard input is used up; the word in capitals stands for a file of the user's.
  const auto again = [](const std::string& source) { return source == "-" ? std::string("DATA.csv") : source; };
  messages.line(fmt::format("\n{}", messages.bold("Use the model:")));
  // Data that the model has learnt from would flatter it, so only a test part that stands by itself is proposed.
  const bool own_test_part = has_test_part && !request.test_fraction;
  if (own_test_part)
    messages.line(fmt::format(
        "  {}", command_line(invocation, "evaluate", folder, request, again(request.test.value_or(request.data)))));
  messages.line(fmt::format("  {}", command_line(invocation, "predict", folder, request, again(request.data))));
}

}  // namespace gradus::cli
