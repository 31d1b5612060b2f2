#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/inspection.hpp"
#include "cli/network_text.hpp"
#include "cli/text.hpp"
#include "cli/train_summary.hpp"
#include "gradus/error.hpp"
#include "gradus/options.hpp"

namespace gradus::cli {

std::string describe_names(const std::vector<std::string>& names) {
  constexpr std::size_t kLongestName = 24;
  constexpr std::size_t kLongestLine = 90;
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    const std::string next = shortened(names[i], kLongestName) + (last ? "" : ", ");
    if (!last && width_of(text) + width_of(next) > kLongestLine)
      return fmt::format("{}… {}", text, shortened(names.back(), kLongestName));
    text += next;
  }
  return text;
}

namespace {

/// From the model's options; a file of version 0.1.0 has a few alone, and a later one may have some that are unknown here.
std::string describe_method(const TrainingSummary& training) {
  if (training.options.empty())
    return fmt::format("{}, learning rate {}, init {}, seed {}", printable(training.optimizer),
                       general(training.learning_rate), printable(training.initialization), training.seed);
  Options options;
  std::string unknown;
  for (const auto& [key, value] : training.options) try {
      if (value.index() != 0) set_option(options, key, to_string(value));
    } catch (const UsageError&) {
      unknown += fmt::format(", {} {}", key, to_string(value));
    }
  // That a validation set decided something is known by its options.
  if (!options.split.has_validation()) options.split.validation_fraction = 0.5;
  return printable(describe_method(options, training.samples) + unknown);
}

}  // namespace

std::string describe(const std::string& path, const Model& model) {
  const DataSchema& schema = model.schema();
  const TrainingSummary& training = model.training();
  std::string text = fmt::format("{}: a model of gradus {}\n", printable(path), printable(training.version));
  const auto line = [&text](std::string_view what, const std::string& value) {
    text += fmt::format("{}{}\n", aligned_left(what, 15), value);
  };
  line("task", std::string(name(schema.task)));
  line("network", describe(model.network()));
  const auto counted_names = [](std::size_t count, const std::vector<std::string>& names) {
    return names.empty() ? fmt::format("{}, without names", with_separators(count))
                         : fmt::format("{}: {}", with_separators(count), describe_names(names));
  };
  line("features", counted_names(schema.features, schema.feature_names));
  if (const std::string columns = describe_columns(schema); !columns.empty()) line("inputs", columns);
  if (!schema.target_names.empty())
    line(schema.task == Task::multi_label ? "labels"
         : schema.target_names.size() > 1 ? "targets"
                                          : "target",
         describe_names(schema.target_names));
  if (schema.task == Task::classification) line("classes", counted_names(schema.outputs(), schema.class_names));
  line("preprocessing", printable(training.normalization));
  line("trained on", fmt::format("{}, {}, {}, {}", counted(training.samples, "sample"), counted(training.epochs, "epoch"),
                                 counted(training.steps, "step"), describe_batch(training.batch_size, training.samples)));
  line("method", describe_method(training));
  line("device", fmt::format("{}, {}", printable(training.device), printable(training.precision)));
  line("training cost", four_digits(training.train_cost));
  return text;
}

Json to_json(const std::string& path, const Model& model) {
  const DataSchema& schema = model.schema();
  const NetworkSpec& network = model.network();
  const TrainingSummary& training = model.training();
  Json json;
  json["kind"] = "model";
  json["file"] = path;
  json["task"] = name(schema.task);
  json["widths"] = network.widths();
  json["activation"] = name(network.activation);
  json["output_activation"] = name(network.output_activation.value_or(network.activation));
  json["loss"] = name(network.loss);
  json["parameters"] = network.parameter_count();
  json["inputs"] = schema.inputs();
  json["outputs"] = schema.outputs();
  json["feature_names"] = schema.feature_names;
  for (const Categories& categories : schema.categories) {
    Json& entry = json["categories"].emplace_back(Json{{"feature", categories.feature + 1}});
    if (categories.buckets > 0)
      entry["buckets"] = categories.buckets;
    else
      entry["names"] = categories.names;
  }
  json["missing"] = name(schema.missing);
  json["target_names"] = schema.target_names;
  json["class_names"] = schema.class_names;
  Json& summary = json["training"];
  summary["version"] = training.version;
  summary["samples"] = training.samples;
  summary["epochs"] = training.epochs;
  summary["steps"] = training.steps;
  summary["batch_size"] = training.batch_size;
  summary["learning_rate"] = training.learning_rate;
  summary["train_cost"] = training.train_cost;
  summary["seed"] = training.seed;
  summary["init"] = training.initialization;
  summary["normalize"] = training.normalization;
  summary["optimizer"] = training.optimizer;
  summary["device"] = training.device;
  summary["precision"] = training.precision;
  for (const auto& [key, value] : training.options) summary["options"][key] = to_json(value);
  return json;
}

}  // namespace gradus::cli
