#include "report/metric_text.hpp"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "report/words.hpp"

namespace gradus::report {
namespace {

bool is_always_in(const Metric& metric, const Evaluation& evaluation) {
  return metric.level == Metric::Level::always && metric.is_in(evaluation);
}

Value value_of(const Metric& metric, const Evaluation& evaluation) {
  const std::optional<double> value = metric.value(evaluation);
  return value ? Value(Number{*value, metric.format}) : Value();
}

/// The text behind the metric's title, on a line of its own.
std::string line_of(const Metric& metric, const Evaluation& evaluation) {
  std::string text = in_words(metric, evaluation);
  if (metric.format == Metric::Format::samples) text += fmt::format(" ({} correct)", with_separators(evaluation.correct));
  if (!metric.note.empty()) text += fmt::format(" {}", metric.note);
  return text;
}

std::string describe(const Metric& metric, const Evaluation& evaluation) {
  const std::string value = in_words(metric, evaluation);
  if (!metric.sentence.empty()) return fmt::format("{} {}", value, metric.sentence);
  std::string text = fmt::format("{} {}", metric.title, value);
  if (metric.format != Metric::Format::samples) return text;
  return fmt::format("{} ({} of {})", text, with_separators(evaluation.correct), counted(evaluation.samples, "sample"));
}

}  // namespace

std::string in_words(double value, Metric::Format format) {
  switch (format) {
    case Metric::Format::cost:
      return four_digits(value);
    case Metric::Format::number:
      return general(value);
    case Metric::Format::ratio:
      return std::isnan(value) ? "-" : fmt::format("{:.4f}", value);
    case Metric::Format::percentage:
    case Metric::Format::samples:
      return percent(value);
  }
  return {};
}

std::string in_words(const Metric& metric, const Evaluation& evaluation) {
  const std::optional<double> value = metric.value(evaluation);
  return value ? in_words(*value, metric.format) : std::string(metric.undefined);
}

std::string in_words(const MetricSpread& spread) {
  const Metric& metric = *spread.metric;
  if (std::isnan(spread.mean)) return fmt::format("{} not defined", metric.title);
  return fmt::format("{} {} ± {}", metric.title, in_words(spread.mean, metric.format),
                     in_words(spread.deviation, metric.format));
}

std::string describe(const Evaluation& evaluation) {
  std::string text;
  for (const Metric& metric : metrics())
    if (is_always_in(metric, evaluation)) text += (text.empty() ? "" : ", ") + describe(metric, evaluation);
  return text;
}

void add_metrics(Facts& facts, const Evaluation& evaluation, Metric::Level level) {
  for (const Metric& metric : metrics()) {
    if (metric.level != level || !metric.is_in(evaluation)) continue;
    Fact& fact = facts.emplace_back(hidden(std::string(metric.key), value_of(metric, evaluation)));
    if (in_words(metric, evaluation).empty()) continue;  // the text omits metrics without a value
    fact.title = metric.title;
    if (!fact.title.empty()) fact.text = line_of(metric, evaluation);
  }
}

void add_metrics_of(Facts& facts, std::string_view set, const Evaluation& evaluation, std::size_t in_text) {
  for (const Metric& metric : metrics()) {
    if (!is_always_in(metric, evaluation)) continue;
    Fact& fact = facts.emplace_back(hidden(fmt::format("{}_{}", set, metric.key), value_of(metric, evaluation)));
    if (in_text == 0) continue;
    fact.title = fmt::format("{} {}", set, metric.title);
    if (!metric.value(evaluation)) fact.text = metric.undefined;
    --in_text;
  }
}

}  // namespace gradus::report
