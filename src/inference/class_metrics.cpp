#include "inference/class_metrics.hpp"

#include <limits>

#include "inference/area_under_curve.hpp"

namespace gradus::internal {
namespace {

/// Sets precision, recall and F1 from counts of correct and predicted samples; `samples` is set already.
void set_quotients(ClassMetrics& metrics, double correct, double predicted) {
  const auto samples = static_cast<double>(metrics.samples);
  metrics.precision = quotient(correct, predicted);
  metrics.recall = quotient(correct, samples);
  metrics.f1 = quotient(2.0 * correct, predicted + samples);
  metrics.roc_auc = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::vector<ClassMetrics> metrics_of_classes(const Answers& answers) {
  std::vector<ClassMetrics> classes(answers.classes);
  std::vector<double> correct(answers.classes);
  std::vector<double> predicted(answers.classes);
  for (std::size_t i = 0; i < answers.samples(); ++i) {
    const auto found = static_cast<std::size_t>(answers.predicted[i]);
    ++classes[answers.actual[i]].samples;
    predicted[found] += 1.0;
    if (found == answers.actual[i]) correct[found] += 1.0;
  }
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < answers.classes; ++k) {
    set_quotients(classes[k], correct[k], predicted[k]);
    if (answers.classes <= kMostComparedClasses)
      classes[k].roc_auc = area_under_curve(
          answers.samples(), [&](std::size_t sample) { return answers.row(sample)[k]; },
          [&](std::size_t sample) { return answers.actual[sample] == k; }, order);
  }
  return classes;
}

std::vector<ClassMetrics> metrics_of_labels(std::span<const float> outputs, const Dataset& data) {
  const std::size_t labels = data.schema().outputs();
  std::vector<ClassMetrics> metrics(labels);
  std::vector<std::size_t> order;
  for (std::size_t j = 0; j < labels; ++j) {
    const auto output = [&](std::size_t sample) { return outputs[sample * labels + j]; };
    const auto has_label = [&](std::size_t sample) { return data.target(sample, j) > 0.5F; };
    double correct = 0.0;
    double predicted = 0.0;
    for (std::size_t sample = 0; sample < data.samples(); ++sample) {
      if (has_label(sample)) ++metrics[j].samples;
      if (!(output(sample) > 0.5F)) continue;
      predicted += 1.0;
      if (has_label(sample)) correct += 1.0;
    }
    set_quotients(metrics[j], correct, predicted);
    if (labels <= kMostComparedClasses) metrics[j].roc_auc = area_under_curve(data.samples(), output, has_label, order);
  }
  return metrics;
}

}  // namespace gradus::internal
