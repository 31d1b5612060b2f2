#pragma once

#include <string>
#include <string_view>

#include "cli/report/facts.hpp"
#include "gradus/experiment.hpp"
#include "gradus/metrics.hpp"

namespace gradus::cli {

/// A metric's value as a person reads it: `0.01230`, `95.30%`; `-` for a ratio that is NaN.
[[nodiscard]] std::string in_words(double value, Metric::Format format);
/// The metric's value for an evaluation, or the text that replaces it where it has none.
[[nodiscard]] std::string in_words(const Metric& metric, const Evaluation& evaluation);
/// `accuracy 97.38% ± 0.61%`.
[[nodiscard]] std::string in_words(const MetricSpread& spread);

/// `cost 0.031, accuracy 96.94% (348 of 359 samples)`; every metric of Metric::Level::always.
[[nodiscard]] std::string describe(const Evaluation& evaluation);
/// The cost and the metric that comes first behind it: `  test cost 0.031  test accuracy 96.94%`.
[[nodiscard]] std::string describe_briefly(std::string_view part, const Evaluation& evaluation);

/// Adds the metrics of this level that the evaluation has, in JSON and in the text.
void add_metrics(Facts& facts, const Evaluation& evaluation, Metric::Level level);
/// Adds those of Metric::Level::always to JSON alone: `train_cost`, `train_accuracy` … with the prefix `train_`.
void add_hidden_metrics(Facts& facts, const std::string& prefix, const Evaluation& evaluation);

}  // namespace gradus::cli
