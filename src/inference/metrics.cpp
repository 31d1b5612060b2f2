#include "gradus/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double quotient(double part, double whole) {
  return whole > 0.0 ? part / whole : kNothing;
}

/// As of a confusion matrix: sorting all samples for each class would take longer than anybody waits.
constexpr std::size_t kMostClassesOfCurves = 2000;

/// The mean of the figures that there are.
template <typename Figure>
double mean_of(const std::vector<ClassMetrics>& classes, Figure figure) {
  double sum = 0.0;
  double count = 0.0;
  for (const ClassMetrics& one : classes) {
    const double value = figure(one);
    if (std::isnan(value)) continue;
    sum += value;
    count += 1.0;
  }
  return quotient(sum, count);
}

/// Labels and outputs of all samples.
struct Scored {
  std::size_t classes = 0;
  std::vector<std::size_t> labels;
  std::span<const float> outputs;  // (samples, classes)

  [[nodiscard]] std::size_t samples() const { return labels.size(); }
  [[nodiscard]] std::span<const float> row(std::size_t sample) const { return outputs.subspan(sample * classes, classes); }
};

/// The rank sum of Mann and Whitney, in which equal outputs share their ranks. `output` and `is_positive`: of a sample.
template <typename Output, typename IsPositive>
double area_under_curve(std::size_t samples, Output output, IsPositive is_positive, std::vector<std::size_t>& order) {
  for (std::size_t sample = 0; sample < samples; ++sample)
    if (std::isnan(output(sample))) return kNothing;  // there is no order
  order.resize(samples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return output(a) < output(b); });
  double ranks = 0.0;
  double positives = 0.0;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    double of_those = 0.0;
    while (last < order.size() && output(order[last]) == output(order[first])) {
      if (is_positive(order[last])) of_those += 1.0;
      ++last;
    }
    ranks += of_those * 0.5 * static_cast<double>(first + 1 + last);
    positives += of_those;
    first = last;
  }
  const double negatives = static_cast<double>(samples) - positives;
  return quotient(ranks - 0.5 * positives * (positives + 1.0), positives * negatives);
}

/// Of so many samples that were taken for the class, so many rightly; its samples are counted already.
void set_quotients(ClassMetrics& metrics, double right, double taken) {
  const auto samples = static_cast<double>(metrics.samples);
  metrics.precision = quotient(right, taken);
  metrics.recall = quotient(right, samples);
  metrics.f1 = quotient(2.0 * right, taken + samples);
}

std::vector<ClassMetrics> metrics_of_classes(const Scored& scored, std::span<const std::int32_t> predicted) {
  std::vector<ClassMetrics> classes(scored.classes);
  std::vector<double> right(scored.classes);
  std::vector<double> taken(scored.classes);
  for (std::size_t i = 0; i < scored.samples(); ++i) {
    const auto found = static_cast<std::size_t>(predicted[i]);
    ++classes[scored.labels[i]].samples;
    taken[found] += 1.0;
    if (found == scored.labels[i]) right[found] += 1.0;
  }
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < scored.classes; ++k) {
    set_quotients(classes[k], right[k], taken[k]);
    classes[k].roc_auc = kNothing;
    if (scored.classes <= kMostClassesOfCurves)
      classes[k].roc_auc = area_under_curve(
          scored.samples(), [&](std::size_t sample) { return scored.row(sample)[k]; },
          [&](std::size_t sample) { return scored.labels[sample] == k; }, order);
  }
  return classes;
}

/// How many outputs stand before that of the sample's class.
std::size_t place_of(std::span<const float> outputs, std::size_t label) {
  std::size_t before = 0;
  for (std::size_t k = 0; k < outputs.size(); ++k)
    if (outputs[k] > outputs[label] || (k < label && outputs[k] == outputs[label])) ++before;
  return before;
}

std::vector<std::pair<std::size_t, double>> top_k_accuracies(const Scored& scored) {
  std::vector<std::pair<std::size_t, double>> found;
  for (const std::size_t k : {2, 3, 5})
    if (k < scored.classes) found.emplace_back(k, 0.0);
  for (std::size_t i = 0; i < scored.samples() && !found.empty(); ++i) {
    const std::size_t place = place_of(scored.row(i), scored.labels[i]);
    for (auto& [k, count] : found)
      if (place < k) count += 1.0;
  }
  for (auto& [k, count] : found) count = quotient(count, static_cast<double>(scored.samples()));
  return found;
}

void add_calibration(const Scored& scored, std::span<const std::int32_t> predicted, ClassificationMetrics& metrics) {
  constexpr std::size_t kBins = 15;
  constexpr double kLeast = 1e-15;
  struct Bin {
    double confidence = 0.0;
    double right = 0.0;
  };
  std::vector<Bin> bins(kBins);
  double logarithms = 0.0;
  for (std::size_t i = 0; i < scored.samples(); ++i) {
    const auto row = scored.row(i);
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    const auto probability = [&](std::size_t k) {
      return sum > 0.0 ? static_cast<double>(row[k]) / sum : 1.0 / static_cast<double>(row.size());
    };
    const auto found = static_cast<std::size_t>(predicted[i]);
    const double confidence = probability(found);
    logarithms -= std::log(std::max(kLeast, probability(scored.labels[i])));
    const auto place = static_cast<std::size_t>(std::clamp(confidence, 0.0, 1.0) * static_cast<double>(kBins));
    Bin& bin = bins[std::min(kBins - 1, place)];
    bin.confidence += confidence;
    if (found == scored.labels[i]) bin.right += 1.0;
  }
  double error = 0.0;
  for (const Bin& bin : bins) error += std::abs(bin.right - bin.confidence);
  const auto samples = static_cast<double>(scored.samples());
  metrics.log_loss = quotient(logarithms, samples);
  metrics.calibration_error = quotient(error, samples);
}

/// Means over the classes, or labels.
void add_means(ClassificationMetrics& metrics) {
  metrics.macro_precision = mean_of(metrics.classes, [](const ClassMetrics& one) { return one.precision; });
  metrics.macro_recall = mean_of(metrics.classes, [](const ClassMetrics& one) { return one.recall; });
  metrics.macro_f1 = mean_of(metrics.classes, [](const ClassMetrics& one) { return one.f1; });
  metrics.roc_auc = mean_of(metrics.classes, [](const ClassMetrics& one) { return one.roc_auc; });
}

ClassificationMetrics metrics_of_labels(const Model& model, const Predictions& predictions, const Dataset& data) {
  constexpr double kLeast = 1e-15;
  const std::size_t labels = predictions.outputs;
  const std::size_t samples = data.samples();
  ClassificationMetrics metrics;
  metrics.samples = samples;
  std::vector<bool> all_right(samples, true);
  std::vector<std::size_t> order;
  double logarithms = 0.0;
  for (std::size_t j = 0; j < labels; ++j) {
    const auto output = [&](std::size_t sample) { return predictions.values[sample * labels + j]; };
    const auto has = [&](std::size_t sample) { return data.target(sample, j) > 0.5F; };
    ClassMetrics& label = metrics.classes.emplace_back();
    double right = 0.0;
    double taken = 0.0;
    for (std::size_t sample = 0; sample < samples; ++sample) {
      const bool predicted = output(sample) > 0.5F;
      if (has(sample)) ++label.samples;
      if (predicted) taken += 1.0;
      if (predicted && has(sample)) right += 1.0;
      if (predicted != has(sample)) all_right[sample] = false;
      const auto p = static_cast<double>(output(sample));
      logarithms -= std::log(std::max(kLeast, has(sample) ? p : 1.0 - p));
    }
    set_quotients(label, right, taken);
    label.roc_auc = labels <= kMostClassesOfCurves ? area_under_curve(samples, output, has, order) : kNothing;
  }
  metrics.accuracy = quotient(static_cast<double>(std::ranges::count(all_right, true)), static_cast<double>(samples));
  add_means(metrics);
  if (model.network().output_activation == Activation::sigmoid)
    metrics.log_loss = quotient(logarithms, static_cast<double>(samples * labels));
  return metrics;
}

}  // namespace

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
  if (has_labels) return metrics_of_labels(model, predictions, data);
  Scored scored{classes, {}, predictions.values};
  for (std::size_t i = 0; i < data.samples(); ++i) scored.labels.push_back(static_cast<std::size_t>(data.class_index(i)));

  ClassificationMetrics metrics;
  metrics.samples = scored.samples();
  metrics.classes = metrics_of_classes(scored, predictions.classes);
  double right = 0.0;
  for (std::size_t i = 0; i < scored.samples(); ++i)
    if (static_cast<std::size_t>(predictions.classes[i]) == scored.labels[i]) right += 1.0;
  metrics.accuracy = quotient(right, static_cast<double>(metrics.samples));
  add_means(metrics);
  if (classes == 2) metrics.roc_auc = metrics.classes.back().roc_auc;
  metrics.top_k = top_k_accuracies(scored);
  const auto output = model.network().output_activation;
  if (output == Activation::softmax || output == Activation::sigmoid) add_calibration(scored, predictions.classes, metrics);
  return metrics;
}

}  // namespace gradus
