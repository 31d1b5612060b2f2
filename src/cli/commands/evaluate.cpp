#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/confusion.hpp"
#include "cli/exit_codes.hpp"
#include "cli/json_output.hpp"
#include "cli/messages.hpp"
#include "cli/model_arguments.hpp"
#include "cli/output.hpp"
#include "cli/statistics.hpp"
#include "cli/text.hpp"
#include "gradus/metrics.hpp"
#include "gradus/model.hpp"

namespace gradus::cli {
namespace {

Json confusion_to_json(const Evaluation& evaluation, std::size_t classes) {
  if (evaluation.confusion.empty()) return nullptr;  // too many classes for a matrix
  Json rows = Json::array();
  for (std::size_t actual = 0; actual < classes; ++actual) {
    const auto row = evaluation.confusion.begin() + static_cast<std::ptrdiff_t>(actual * classes);
    rows.push_back(std::vector<std::uint64_t>(row, row + static_cast<std::ptrdiff_t>(classes)));
  }
  return rows;
}

using Metrics = std::optional<ClassificationMetrics>;  // of classes or labels

/// Those of the classes or labels.
std::vector<std::string> names_of(const DataSchema& schema) {
  return schema.task == Task::classification ? schema.class_names : label_names(schema);
}

Json metrics_to_json(const ClassificationMetrics& metrics, Task task, const std::vector<std::string>& names) {
  Json json;
  json["macro_precision"] = metrics.macro_precision;
  json["macro_recall"] = metrics.macro_recall;
  json["macro_f1"] = metrics.macro_f1;
  json["roc_auc"] = metrics.roc_auc;
  for (const auto& [k, part] : metrics.top_k) json[fmt::format("top_{}_accuracy", k)] = part;
  json["log_loss"] = metrics.log_loss ? Json(*metrics.log_loss) : Json(nullptr);
  if (task == Task::classification)
    json["calibration_error"] = metrics.calibration_error ? Json(*metrics.calibration_error) : Json(nullptr);
  Json classes = Json::array();
  for (std::size_t k = 0; k < metrics.classes.size(); ++k) {
    const ClassMetrics& one = metrics.classes[k];
    classes.push_back({{"name", names[k]},
                       {"samples", one.samples},
                       {"precision", one.precision},
                       {"recall", one.recall},
                       {"f1", one.f1},
                       {"roc_auc", one.roc_auc}});
  }
  json[task == Task::classification ? "classes" : "labels"] = classes;
  return json;
}

/// Of several numbers.
Json targets_to_json(const Evaluation& evaluation, const std::vector<std::string>& names) {
  Json targets = Json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const NumberMetrics& figures = evaluation.targets[i];
    targets.push_back({{"name", names[i]}, {"rmse", figures.rmse}, {"mae", figures.mae}, {"r2", figures.r2}});
  }
  return targets;
}

Json to_json(const ModelArguments& arguments, const Model& model, const Evaluation& evaluation, const Metrics& metrics) {
  Json json;
  json["task"] = name(evaluation.task);
  json["model"] = arguments.model;
  json["data"] = arguments.data;
  json["samples"] = evaluation.samples;
  add_evaluation(json, "", evaluation);
  if (metrics) {
    json["correct"] = evaluation.correct;
    json.update(metrics_to_json(*metrics, evaluation.task, names_of(model.schema())));
  }
  if (evaluation.task == Task::classification) {
    json["class_names"] = model.schema().class_names;
    json["confusion"] = confusion_to_json(evaluation, model.schema().class_names.size());
  }
  if (evaluation.targets.size() > 1) json["targets"] = targets_to_json(evaluation, label_names(model.schema()));
  json["device"] = arguments.device.to_string();
  return json;
}

std::string figure(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.4f}", value);
}

std::string describe_metrics(const ClassificationMetrics& metrics) {
  std::string text = fmt::format("macro F1  {}\nROC AUC   {}\n", figure(metrics.macro_f1), figure(metrics.roc_auc));
  for (const auto& [k, part] : metrics.top_k) text += fmt::format("top {}     {}\n", k, percent(part));
  if (metrics.log_loss) text += fmt::format("log loss  {}\n", four_digits(*metrics.log_loss));
  if (metrics.calibration_error) text += fmt::format("ECE       {} (calibration)\n", figure(*metrics.calibration_error));
  return text;
}

/// A line for each of a few classes.
std::string describe_classes(const ClassificationMetrics& metrics, std::string_view title,
                             const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 30;
  constexpr std::size_t kLongestName = 24;
  if (metrics.classes.size() > kMost) return {};
  std::size_t width = 5;
  for (const std::string& name : names) width = std::max(width, width_of(shortened(name, kLongestName)));
  std::string text = fmt::format("{}  {:>9}  {:>9}  {:>6}  {:>6}  {:>9}\n", aligned_left(title, width), "precision",
                                 "recall", "F1", "AUC", "samples");
  for (std::size_t k = 0; k < metrics.classes.size(); ++k) {
    const ClassMetrics& one = metrics.classes[k];
    text += fmt::format("{}  {:>9}  {:>9}  {:>6}  {:>6}  {:>9}\n", aligned_left(shortened(names[k], kLongestName), width),
                        figure(one.precision), figure(one.recall), figure(one.f1), figure(one.roc_auc),
                        with_separators(one.samples));
  }
  return text + "\n";
}

/// A line for each of a few numbers.
std::string describe_targets(const Evaluation& evaluation, const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 30;
  constexpr std::size_t kLongestName = 24;
  if (names.size() < 2 || names.size() > kMost) return {};
  std::size_t width = 6;
  for (const std::string& name : names) width = std::max(width, width_of(shortened(name, kLongestName)));
  std::string text =
      fmt::format("\n{}  {:>12}  {:>12}  {}\n", aligned_left("target", width), "RMSE", "MAE", aligned_right("R²", 9));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const NumberMetrics& figures = evaluation.targets[i];
    text += fmt::format("{}  {:>12}  {:>12}  {:>9}\n", aligned_left(shortened(names[i], kLongestName), width),
                        general(figures.rmse), general(figures.mae), figure(figures.r2));
  }
  return text;
}

std::string to_report(const Dataset& data, const Model& model, const Evaluation& evaluation, const Metrics& metrics) {
  std::string text = fmt::format("data      {}\nsamples   {}\ncost      {}\n", printable(data.source()),
                                 with_separators(evaluation.samples), four_digits(evaluation.cost));
  const std::vector<std::string> names = names_of(model.schema());
  if (metrics)
    text += fmt::format("accuracy  {} ({} correct)\n", percent(evaluation.accuracy), with_separators(evaluation.correct));
  if (evaluation.task == Task::multi_label)
    return text + fmt::format("labels    {} correct\n{}\n{}", percent(evaluation.label_accuracy), describe_metrics(*metrics),
                              describe_classes(*metrics, "label", names));
  if (metrics)
    return text + fmt::format("{}\n{}{}", describe_metrics(*metrics), describe_classes(*metrics, "class", names),
                              describe_confusion(evaluation, names));
  return text +
         fmt::format("RMSE      {}\nMAE       {}\nR²        {}\n", general(evaluation.rmse), general(evaluation.mae),
                     r_squared(evaluation.r2, evaluation.rmse)) +
         describe_targets(evaluation, label_names(model.schema()));
}

}  // namespace

int evaluate(const Invocation& invocation) {
  ModelArguments request;
  Arguments arguments("evaluate");
  request.add_to(arguments);
  arguments.parse(invocation.words);
  request.read_values();

  Messages messages(request.quiet);
  const Model model = Model::load(request.model);
  const Dataset data = request.load_data(model, Targets::required, messages);
  const Evaluation evaluation = model.evaluate(data, request.device, request.threads);
  Metrics metrics;
  if (evaluation.task != Task::regression)
    metrics = classification_metrics(model, model.predict(data, request.device, request.threads), data);
  if (request.json) {
    print_json(to_json(request, model, evaluation, metrics));
  } else {
    Output output = Output::standard();
    output.write(to_report(data, model, evaluation, metrics));
    output.commit();
  }
  return kSuccess;
}

}  // namespace gradus::cli
