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
#include "gradus/training_options.hpp"

namespace gradus {

/// One way to measure a model: a row of the table from which texts, JSON, and the means of a cross-validation are made.
struct GRADUS_EXPORT Metric {
  /// How a person reads its value.
  /// - `cost`: four digits; `number`: in the user's units; `ratio`: between 0 and 1, as a number
  /// - `percentage`: a fraction; `samples`: the same, a fraction of the samples
  enum class Format : std::uint8_t { cost, number, ratio, percentage, samples };
  /// Whether every evaluation has it, or only one with Details::classes.
  enum class Level : std::uint8_t { always, detail };
  struct Tasks {
    bool classification = false;
    bool multi_label = false;
    bool regression = false;
  };

  std::string_view key;    ///< in JSON: `label_accuracy`
  std::string_view title;  ///< in texts; empty for a metric that they leave out
  Format format = Format::number;
  Level level = Level::always;
  Tasks tasks = {};
  bool larger_is_better = false;
  /// The value of an evaluation of one of these tasks; nothing where the metric is not defined for it.
  std::optional<double> (*value)(const Evaluation&) = nullptr;
  std::string_view note = {};               ///< what a text adds behind the value
  std::string_view sentence = {};           ///< what follows the value within a sentence, instead of the title before it
  std::string_view undefined = {};          ///< what a text says where there is no value; empty: it leaves the metric out
  std::size_t needs_more_classes_than = 0;  ///< with fewer classes it does not exist

  [[nodiscard]] bool is_for(Task task) const;
  /// Whether it is one of the evaluation's metrics, though perhaps without a value.
  [[nodiscard]] bool is_in(const Evaluation& evaluation) const;
};

/// Every metric, in the order of reports: the cost, the others of Level::always, those of Level::detail.
[[nodiscard]] GRADUS_EXPORT std::span<const Metric> metrics();
/// The metric with this key; null when there is none.
[[nodiscard]] GRADUS_EXPORT const Metric* find_metric(std::string_view key);

/// The metric that a monitor watches; it has a value whenever the evaluation is of one of its tasks.
[[nodiscard]] GRADUS_EXPORT const Metric& metric_of(Monitor monitor);

/// The detailed metrics of given predictions, such as those of several models together; Model::evaluate gives those of a
/// model's own. Throws UsageError when the predictions are not for these data, or the data are for a regression or have no
/// targets.
[[nodiscard]] GRADUS_EXPORT ClassificationMetrics classification_metrics(const Model& model, const Predictions& predictions,
                                                                         const Dataset& data);

}  // namespace gradus
