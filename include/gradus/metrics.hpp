#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "gradus/dataset.hpp"
#include "gradus/evaluation.hpp"
#include "gradus/export.hpp"
#include "gradus/model.hpp"
#include "gradus/monitor.hpp"

namespace gradus {

/// A metric of a model, as a row of one table. Texts, JSON and the means of a cross-validation are made from this table.
struct GRADUS_EXPORT Metric {
  /// How texts show its value.
  /// - `cost`: with four digits; `number`: in the units of the data; `ratio`: a number between 0 and 1
  /// - `percentage`: a fraction, as a percentage; `samples`: the same for a fraction of the samples, with their number
  enum class Format : std::uint8_t { cost, number, ratio, percentage, samples };
  /// Whether every evaluation has it, or only one with Details::classes.
  enum class Level : std::uint8_t { always, detail };
  struct Tasks {
    bool classification = false;
    bool multi_label = false;
    bool regression = false;
  };

  std::string_view key;    ///< in JSON, such as `label_accuracy`
  std::string_view title;  ///< in texts; empty for a metric that texts leave out
  Format format = Format::number;
  Level level = Level::always;
  Tasks tasks = {};
  bool larger_is_better = false;
  /// The metric's value in an evaluation of one of these tasks; nothing where it is not defined.
  std::optional<double> (*value)(const Evaluation&) = nullptr;
  std::string_view note = {};               ///< what a text adds after the value
  std::string_view sentence = {};           ///< what follows the value in a sentence, in place of the title before it
  std::string_view undefined = {};          ///< what a text says if there is not a value; empty: it leaves the metric out
  std::size_t needs_more_classes_than = 0;  ///< with this many classes or fewer it does not exist

  [[nodiscard]] bool is_for(Task task) const;
  /// Whether the evaluation has this metric, with or without a value.
  [[nodiscard]] bool is_in(const Evaluation& evaluation) const;
};

/// Every metric, in the order of reports: the cost, the others of Level::always, then those of Level::detail.
[[nodiscard]] GRADUS_EXPORT std::span<const Metric> metrics();
/// The metric with this key; null if no metric has it.
[[nodiscard]] GRADUS_EXPORT const Metric* find_metric(std::string_view key);

/// The metric of a monitor. It has a value in every evaluation of one of its tasks.
[[nodiscard]] GRADUS_EXPORT const Metric& metric_of(Monitor monitor);

/// The detailed metrics of given predictions, such as the mean of several models' predictions; Model::evaluate computes them
/// for the model's own. Throws UsageError if the predictions are not for these data, or if the data are for a regression or
/// have no targets.
[[nodiscard]] GRADUS_EXPORT ClassificationMetrics classification_metrics(const Model& model, const Predictions& predictions,
                                                                         const Dataset& data);

}  // namespace gradus
