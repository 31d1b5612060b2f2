#pragma once

#include <string>
#include <string_view>

#include "gradus/experiment.hpp"
#include "gradus/metrics.hpp"
#include "report/facts.hpp"

namespace gradus::report {

/// A metric's value as a person reads it: `0.01230`, `95.30%`; `-` for a ratio that is NaN.
[[nodiscard]] std::string in_words(double value, Metric::Format format);
/// The metric's value for an evaluation, or the text that replaces it where it has none.
[[nodiscard]] std::string in_words(const Metric& metric, const Evaluation& evaluation);
/// `accuracy 97.38% ± 0.61%`.
[[nodiscard]] std::string in_words(const MetricSpread& spread);

/// `cost 0.031, accuracy 96.94% (348 of 359 samples)`; every metric of Metric::Level::always.
[[nodiscard]] std::string describe(const Evaluation& evaluation);

/// Adds the metrics of this level that the evaluation has, in JSON and in the text.
void add_metrics(Facts& facts, const Evaluation& evaluation, Metric::Level level);
/// Adds those of Metric::Level::always under keys with the name of a set: `test_cost`, `test_accuracy` … for `test`. The
/// first `in_text` of them are in texts too, as `test cost 0.031`.
void add_metrics_of(Facts& facts, std::string_view set, const Evaluation& evaluation, std::size_t in_text = 0);

}  // namespace gradus::report
