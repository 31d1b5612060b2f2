// The table of metrics: first the rows that every evaluation has, then the rows of detailed evaluations.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "gradus/metrics.hpp"
#include "inference/classification_metrics.hpp"

namespace gradus {
namespace {

constexpr Metric::Tasks kEveryTask{.classification = true, .multi_label = true, .regression = true};
constexpr Metric::Tasks kClassesAndLabels{.classification = true, .multi_label = true};
constexpr Metric::Tasks kLabels{.multi_label = true};
constexpr Metric::Tasks kNumbers{.regression = true};

template <double Evaluation::*kMember>
std::optional<double> member(const Evaluation& evaluation) {
  return evaluation.*kMember;
}

/// NaN beside a finite error says that the targets are all the same; with an error that is not finite it stays NaN.
std::optional<double> r_squared(const Evaluation& evaluation) {
  if (std::isnan(evaluation.r2) && std::isfinite(evaluation.rmse)) return std::nullopt;
  return evaluation.r2;
}

constexpr std::array kRows{
    Metric{.key = "cost",
           .title = "cost",
           .format = Metric::Format::cost,
           .tasks = kEveryTask,
           .value = member<&Evaluation::cost>},
    Metric{.key = "accuracy",
           .title = "accuracy",
           .format = Metric::Format::samples,
           .tasks = kClassesAndLabels,
           .larger_is_better = true,
           .value = member<&Evaluation::accuracy>},
    Metric{.key = "label_accuracy",
           .title = "labels",
           .format = Metric::Format::percentage,
           .tasks = kLabels,
           .larger_is_better = true,
           .value = member<&Evaluation::label_accuracy>,
           .note = "correct",
           .sentence = "of the labels"},
    Metric{.key = "rmse", .title = "RMSE", .tasks = kNumbers, .value = member<&Evaluation::rmse>},
    Metric{.key = "mae", .title = "MAE", .tasks = kNumbers, .value = member<&Evaluation::mae>},
    Metric{.key = "r2",
           .title = "R²",
           .tasks = kNumbers,
           .larger_is_better = true,
           .value = r_squared,
           .undefined = "not defined (every target is the same)"},
};

}  // namespace

bool Metric::is_for(Task task) const {
  switch (task) {
    case Task::classification:
      return tasks.classification;
    case Task::multi_label:
      return tasks.multi_label;
    case Task::regression:
      return tasks.regression;
  }
  return false;
}

bool Metric::is_in(const Evaluation& evaluation) const {
  if (!is_for(evaluation.task)) return false;
  if (level == Level::always) return true;
  return evaluation.details && evaluation.details->classes.size() > needs_more_classes_than;
}

std::span<const Metric> metrics() {
  static const std::vector<Metric> kAll = [] {
    std::vector<Metric> rows(kRows.begin(), kRows.end());
    const auto details = internal::detail_metrics();
    rows.insert(rows.end(), details.begin(), details.end());
    return rows;
  }();
  return kAll;
}

const Metric* find_metric(std::string_view key) {
  const auto all = metrics();
  const auto found = std::find_if(all.begin(), all.end(), [key](const Metric& metric) { return metric.key == key; });
  return found == all.end() ? nullptr : &*found;
}

const Metric& metric_of(Monitor monitor) {
  return *find_metric(name(monitor));
}

}  // namespace gradus
