// The metrics of classes and labels beyond the accuracy. A metric that is computed here also has its row
// here.
#include "inference/classification_metrics.hpp"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "gradus/error.hpp"
#include "inference/area_under_curve.hpp"
#include "inference/class_metrics.hpp"
#include "inference/probabilities.hpp"

namespace gradus {
namespace internal {
namespace {

constexpr Metric::Tasks kClassesAndLabels{.classification = true, .multi_label = true};
constexpr Metric::Tasks kClasses{.classification = true};

template <auto kMember>
std::optional<double> member(const Evaluation& evaluation) {
  return (*evaluation.details).*kMember;
}

template <std::size_t k>
std::optional<double> top_k(const Evaluation& evaluation) {
  for (const auto& [count, accuracy] : evaluation.details->top_k)
    if (count == k) return accuracy;
  return std::nullopt;
}

template <std::size_t k>
constexpr Metric top_k_row(std::string_view key, std::string_view title) {
  return {.key = key,
          .title = title,
          .format = Metric::Format::percentage,
          .level = Metric::Level::detail,
          .tasks = kClasses,
          .larger_is_better = true,
          .value = top_k<k>,
          .needs_more_classes_than = k};
}

template <auto kMember>
constexpr Metric ratio_row(std::string_view key, std::string_view title) {
  return {.key = key,
          .title = title,
          .format = Metric::Format::ratio,
          .level = Metric::Level::detail,
          .tasks = kClassesAndLabels,
          .larger_is_better = true,
          .value = member<kMember>};
}

constexpr std::array kRows{
    ratio_row<&ClassificationMetrics::macro_precision>("macro_precision", ""),
    ratio_row<&ClassificationMetrics::macro_recall>("macro_recall", ""),
    ratio_row<&ClassificationMetrics::macro_f1>("macro_f1", "macro F1"),
    ratio_row<&ClassificationMetrics::roc_auc>("roc_auc", "ROC AUC"),
    top_k_row<2>("top_2_accuracy", "top 2"),
    top_k_row<3>("top_3_accuracy", "top 3"),
    top_k_row<5>("top_5_accuracy", "top 5"),
    Metric{.key = "log_loss",
           .title = "log loss",
           .format = Metric::Format::cost,
           .level = Metric::Level::detail,
           .tasks = kClassesAndLabels,
           .value = member<&ClassificationMetrics::log_loss>},
    Metric{.key = "calibration_error",
           .title = "ECE",
           .format = Metric::Format::ratio,
           .level = Metric::Level::detail,
           .tasks = kClasses,
           .value = member<&ClassificationMetrics::calibration_error>,
           .note = "(calibration)"},
};

/// The mean over the classes whose value is not NaN.
double mean_of(const std::vector<ClassMetrics>& classes, double ClassMetrics::*value) {
  double sum = 0.0;
  double count = 0.0;
  for (const ClassMetrics& one : classes) {
    if (std::isnan(one.*value)) continue;
    sum += one.*value;
    count += 1.0;
  }
  return quotient(sum, count);
}

void add_means(ClassificationMetrics& metrics) {
  metrics.macro_precision = mean_of(metrics.classes, &ClassMetrics::precision);
  metrics.macro_recall = mean_of(metrics.classes, &ClassMetrics::recall);
  metrics.macro_f1 = mean_of(metrics.classes, &ClassMetrics::f1);
  metrics.roc_auc = mean_of(metrics.classes, &ClassMetrics::roc_auc);
}

}  // namespace

std::span<const Metric> detail_metrics() {
  return kRows;
}

ClassificationMetrics detailed_metrics(const NetworkSpec& network, const Predictions& predictions, const Dataset& data) {
  ClassificationMetrics metrics;
  const auto activation = network.output_activation;
  if (data.task() == Task::multi_label) {
    metrics.classes = metrics_of_labels(predictions.values, data);
    add_means(metrics);
    if (activation == Activation::sigmoid) metrics.log_loss = log_loss_of_labels(predictions.values, data);
    return metrics;
  }
  Answers answers{.classes = network.outputs, .outputs = predictions.values, .actual = {}, .predicted = predictions.classes};
  answers.actual.reserve(data.samples());
  for (std::size_t i = 0; i < data.samples(); ++i) answers.actual.push_back(static_cast<std::size_t>(data.class_index(i)));
  metrics.classes = metrics_of_classes(answers);
  add_means(metrics);
  if (answers.classes == 2) metrics.roc_auc = metrics.classes.back().roc_auc;
  metrics.top_k = top_k_accuracies(answers);
  if (activation != Activation::softmax && activation != Activation::sigmoid) return metrics;
  const ProbabilityMetrics probabilities = probability_metrics(answers);
  metrics.log_loss = probabilities.log_loss;
  metrics.calibration_error = probabilities.calibration_error;
  return metrics;
}

}  // namespace internal

ClassificationMetrics classification_metrics(const Model& model, const Predictions& predictions, const Dataset& data) {
  if (data.task() == Task::regression || !data.has_targets())
    throw UsageError(fmt::format("{}: metrics of classes need data whose classes are known", data.source()));
  const std::size_t classes = model.network().outputs;
  const bool has_labels = data.task() == Task::multi_label;
  if (predictions.samples != data.samples() || predictions.outputs != classes ||
      predictions.classes.size() != (has_labels ? 0 : data.samples()) || data.schema().outputs() != classes)
    throw UsageError(fmt::format("{}: the predictions are {} of {} {}, and the data {} of {}", data.source(),
                                 predictions.samples, predictions.outputs, has_labels ? "labels" : "classes", data.samples(),
                                 data.schema().outputs()));
  return internal::detailed_metrics(model.network(), predictions, data);
}

}  // namespace gradus
