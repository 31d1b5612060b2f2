#include "report/folds_report.hpp"

#include <string_view>

#include <fmt/format.h>

#include "report/metric_text.hpp"
#include "report/words.hpp"

namespace gradus::report {
namespace {

std::string_view end_of(const CrossValidation& result) {
  if (result.stopped) return "stopped";
  return result.diverged.empty() ? "finished" : "diverged";
}

Value finished_folds(const CrossValidation& result) {
  std::vector<Value> list;
  for (const FoldResult& fold : result.finished) {
    Facts entry{hidden("fold", fold.fold + 1), hidden("test_samples", fold.training.test->samples)};
    add_metrics_of(entry, "test", *fold.training.test);
    list.emplace_back(std::move(entry));
  }
  return list;
}

Value diverged_folds(const CrossValidation& result) {
  std::vector<Value> list;
  for (const FoldResult& fold : result.diverged) list.emplace_back(fold.fold + 1);
  return list;
}

std::string describe_means(const std::vector<MetricSpread>& spreads) {
  std::string text;
  for (const MetricSpread& spread : spreads) text += (text.empty() ? "" : ", ") + in_words(spread);
  return text;
}

/// The finished folds when some are missing, and the means.
void add_lines(Facts& facts, const FoldsSubject& subject, const CrossValidation& result) {
  const bool is_complete = result.finished.size() == subject.folds;
  if (!is_complete)
    for (const FoldResult& fold : result.finished)
      facts.push_back(line(fmt::format("fold {}", position(fold.fold + 1, subject.folds)), describe(*fold.training.test)));
  const auto spreads = result.spreads();
  if (spreads.empty()) return;
  const std::string count =
      is_complete ? fmt::format("{}", subject.folds) : fmt::format("{} of {}", result.finished.size(), subject.folds);
  facts.push_back(line("folds", fmt::format("{}: mean and deviation of {}", count, describe_means(spreads))));
}

}  // namespace

Report folds_report(const FoldsSubject& subject, const Dataset& data, const CrossValidation& result) {
  Report report;
  Facts& facts = report.sections.front();
  facts.push_back(hidden("task", std::string(name(data.task()))));
  facts.push_back(hidden("data", subject.data));
  facts.push_back(hidden("samples", data.samples()));
  facts.push_back(hidden("seed", subject.seed));
  facts.push_back(hidden("folds", finished_folds(result)));
  if (!result.diverged.empty()) facts.push_back(hidden("diverged_folds", diverged_folds(result)));
  for (const MetricSpread& spread : result.spreads()) {
    facts.push_back(hidden(fmt::format("test_{}_mean", spread.metric->key), Number{spread.mean}));
    facts.push_back(hidden(fmt::format("test_{}_deviation", spread.metric->key), Number{spread.deviation}));
  }
  add_lines(facts, subject, result);
  facts.push_back(hidden("end", std::string(end_of(result))));
  return report;
}

}  // namespace gradus::report
