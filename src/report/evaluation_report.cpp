#include "report/evaluation_report.hpp"

#include <cstddef>
#include <vector>

#include "report/metric_text.hpp"
#include "report/statistics.hpp"
#include "report/words.hpp"

namespace gradus::report {
namespace {

constexpr std::size_t kMostRows = 30;  // a longer table is in JSON alone

Value ratio(double value) {
  return Number{value, Metric::Format::ratio};
}

/// One row per class or label, in the order of the outputs.
Table class_table(const std::string& title, const std::vector<ClassMetrics>& classes,
                  const std::vector<std::string>& names) {
  Table table{.columns = {{.key = "name", .title = title},
                          {.key = "samples"},
                          {.key = "precision", .title = "precision", .width = 9},
                          {.key = "recall", .title = "recall", .width = 9},
                          {.key = "f1", .title = "F1", .width = 6},
                          {.key = "roc_auc", .title = "AUC", .width = 6},
                          {.title = "samples", .width = 9}}};
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const ClassMetrics& one = classes[k];
    table.rows.push_back(
        {names[k], one.samples, ratio(one.precision), ratio(one.recall), ratio(one.f1), ratio(one.roc_auc), one.samples});
  }
  return table;
}

/// One row per target of a regression.
Table target_table(const std::vector<NumberMetrics>& targets, const std::vector<std::string>& names) {
  Table table{.columns = {{.key = "name", .title = "target"},
                          {.key = "rmse", .title = "RMSE", .width = 12},
                          {.key = "mae", .title = "MAE", .width = 12},
                          {.key = "r2", .title = "R²", .width = 9}}};
  for (std::size_t i = 0; i < targets.size(); ++i)
    table.rows.push_back({names[i], Number{targets[i].rmse}, Number{targets[i].mae}, ratio(targets[i].r2)});
  return table;
}

/// In a section of its own, or in JSON alone.
void add_table(Report& report, std::string key, std::string title, Table table) {
  if (table.rows.size() > kMostRows)
    report.sections.back().push_back(hidden(std::move(key), std::move(table)));
  else
    report.sections.push_back({{.key = std::move(key), .title = std::move(title), .value = std::move(table), .text = ""}});
}

void add_classes(Report& report, const DataSchema& schema, const Evaluation& evaluation) {
  const bool has_labels = evaluation.task == Task::multi_label;
  const std::vector<std::string> names = has_labels ? label_names(schema) : schema.class_names;
  const std::string title = has_labels ? "label" : "class";
  add_table(report, has_labels ? "labels" : "classes", title, class_table(title, evaluation.details->classes, names));
  Facts& last = report.sections.emplace_back();
  if (has_labels) return;
  last.push_back(hidden("class_names", texts(names)));
  last.push_back({.key = "confusion", .title = "confusion", .value = Confusion{names, evaluation.confusion}, .text = ""});
}

}  // namespace

Report evaluation_report(const EvaluationSubject& subject, const DataSchema& schema, const Evaluation& evaluation) {
  Report report;
  Facts& facts = report.sections.front();
  facts.push_back(hidden("task", std::string(name(evaluation.task))));
  facts.push_back(hidden("model", subject.model));
  facts.push_back(hidden("data", subject.data));
  facts.push_back(line("data", printable(subject.source)));
  facts.push_back({.key = "samples", .title = "samples", .value = evaluation.samples, .text = ""});
  add_metrics(facts, evaluation, Metric::Level::always);
  if (evaluation.task != Task::regression) facts.push_back(hidden("correct", evaluation.correct));
  add_metrics(facts, evaluation, Metric::Level::detail);
  if (evaluation.details) add_classes(report, schema, evaluation);
  if (evaluation.targets.size() > 1)
    add_table(report, "targets", "target", target_table(evaluation.targets, label_names(schema)));
  report.sections.back().push_back(hidden("device", subject.device));
  return report;
}

}  // namespace gradus::report
