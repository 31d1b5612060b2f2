#include "report/data_report.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/columns_text.hpp"
#include "report/data_tables.hpp"
#include "report/statistics.hpp"
#include "report/words.hpp"

namespace gradus::report {
namespace {

std::vector<NamedStatistics> with_names(const std::vector<std::string>& names,
                                        const std::vector<ColumnStatistics>& columns) {
  std::vector<NamedStatistics> named;
  for (std::size_t i = 0; i < columns.size(); ++i) named.push_back({name_or_number(names, i), columns[i]});
  return named;
}

/// The numeric features.
std::vector<NamedStatistics> numeric_features(const DataSchema& schema, const std::vector<ColumnStatistics>& columns) {
  std::vector<NamedStatistics> numbers;
  auto names = schema.categories.begin();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (names != schema.categories.end() && names->feature == i)
      ++names;
    else
      numbers.push_back({name_or_number(schema.feature_names, i), columns[i]});
  }
  return numbers;
}

Fact table_fact(std::string key, std::string title, Table table) {
  return {.key = std::move(key), .title = std::move(title), .value = std::move(table), .text = ""};
}

void add_features(Report& report, const Dataset& data) {
  const DataSchema& schema = data.schema();
  const std::vector<ColumnStatistics> statistics = feature_statistics(data);
  report.sections.back().push_back(hidden("features", feature_table(data, statistics)));
  const std::vector<NamedStatistics> numbers = numeric_features(schema, statistics);
  if (!numbers.empty())
    report.sections.push_back({table_fact("", "feature", statistics_table("feature", numbers, data.samples()))});
  if (!schema.categories.empty()) report.sections.push_back({table_fact("", "feature", names_table(data))});
}

Fact targets_of(const Dataset& data) {
  const DataSchema& schema = data.schema();
  switch (schema.task) {
    case Task::classification:
      return table_fact("classes", "class", class_table(data, "class", schema.class_names, class_counts(data)));
    case Task::multi_label:
      return table_fact("labels", "label", class_table(data, "label", label_names(schema), label_counts(data)));
    case Task::regression:
      break;
  }
  const auto targets = with_names(schema.target_names, target_statistics(data));
  return table_fact("targets", "target", statistics_table("target", targets, data.samples()));
}

/// The target's name; JSON has it for classes alone, since it has a table of the targets of a regression.
void add_target_name(Facts& facts, const DataSchema& schema) {
  if (schema.target_names.size() != 1) return;
  const std::string& name = schema.target_names.front();
  facts.push_back(line("target", shortened(name, 60)));
  if (schema.task == Task::classification) facts.push_back(hidden("target", name));
}

}  // namespace

Report data_report(const DataSplits& splits) {
  const Dataset& data = splits.train;
  const DataSchema& schema = data.schema();
  Report report;
  report.heading = fmt::format("{}: {}", printable(data.source()), name(schema.task));
  Facts& facts = report.sections.front();
  facts.push_back(hidden("kind", std::string("data")));
  facts.push_back(hidden("source", data.source()));
  facts.push_back(hidden("task", std::string(name(schema.task))));
  facts.push_back({.key = "samples", .title = "samples", .value = data.samples(), .text = ""});
  if (splits.test) {
    facts.push_back(hidden("test_samples", splits.test->samples()));
    facts.push_back(line(" ", fmt::format("and {} in the test set", with_separators(splits.test->samples()))));
  }
  const std::string_view values = data.holds_bytes() ? "bytes" : "32-bit floats";
  facts.push_back(line("features", fmt::format("{} ({})", with_separators(schema.features), values)));
  facts.push_back(hidden("inputs", schema.inputs()));
  if (const std::string columns = describe_columns(schema); !columns.empty()) facts.push_back(line("inputs", columns));
  facts.push_back(hidden("outputs", schema.outputs()));
  facts.push_back(hidden("values", std::string(data.holds_bytes() ? "bytes" : "floats")));
  add_features(report, data);
  add_target_name(report.sections.front(), schema);
  report.sections.push_back({targets_of(data)});
  return report;
}

}  // namespace gradus::report
