#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/inspection.hpp"
#include "cli/statistics.hpp"
#include "cli/text.hpp"

namespace gradus::cli {
namespace {

constexpr std::size_t kMostRows = 20;
constexpr std::size_t kLongestName = 32;
constexpr std::size_t kWidth = 12;  // of a column of numbers

Table with_layout(Table table) {
  table.indent = 2;
  table.longest_name = kLongestName;
  table.most_rows = kMostRows;
  return table;
}

std::string name_or_number(const std::vector<std::string>& names, std::size_t column) {
  return column < names.size() ? names[column] : fmt::format("{}", column + 1);
}

/// A column of numbers as the user knows it.
struct NamedStatistics {
  std::string name;
  ColumnStatistics statistics;
};

std::vector<NamedStatistics> with_names(const std::vector<std::string>& names,
                                        const std::vector<ColumnStatistics>& columns) {
  std::vector<NamedStatistics> named;
  for (std::size_t i = 0; i < columns.size(); ++i) named.push_back({name_or_number(names, i), columns[i]});
  return named;
}

Value number(double value) {
  return Number{value};
}

/// The text tells how many values are missing where any is; JSON tells it of the features that lack some.
Table statistics_table(const std::string& title, const std::vector<NamedStatistics>& columns, std::size_t samples) {
  const bool any_missing =
      std::any_of(columns.begin(), columns.end(), [&](const auto& column) { return column.statistics.count() < samples; });
  Table table{.columns = {{.key = "name", .title = title},
                          {.key = "min", .title = "min", .width = kWidth},
                          {.key = "mean", .title = "mean", .width = kWidth},
                          {.key = "max", .title = "max", .width = kWidth},
                          {.key = "standard_deviation", .title = "σ", .width = kWidth},
                          {.title = any_missing ? "missing" : "", .width = kWidth}}};
  for (const auto& [name, statistics] : columns)
    table.rows.push_back({name, number(statistics.minimum()), number(statistics.mean()), number(statistics.maximum()),
                          number(statistics.standard_deviation()), samples - statistics.count()});
  return with_layout(std::move(table));
}

/// Features that are numbers.
std::vector<NamedStatistics> number_features(const DataSchema& schema, const std::vector<ColumnStatistics>& columns) {
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

/// The most frequent names of a feature: "female 314, male 577".
std::string describe_names(const Dataset& data, const Categories& categories) {
  constexpr std::size_t kMostNames = 5;
  if (categories.buckets > 0) return fmt::format("more than {}, hashed", counted(categories.buckets, "name"));
  const std::vector<std::size_t> counts = name_counts(data, categories);
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(order.size(), kMostNames); ++i)
    shown.push_back(
        fmt::format("{} {}", shortened(categories.names[order[i]], kLongestName), with_separators(counts[order[i]])));
  if (order.size() > kMostNames) shown.push_back(fmt::format("… {} more", with_separators(order.size() - kMostNames)));
  const std::size_t missing = data.samples() - std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  if (missing > 0) shown.push_back(fmt::format("missing {}", with_separators(missing)));
  return fmt::format("{}", fmt::join(shown, ", "));
}

/// The features that are names, for the text.
Table names_table(const Dataset& data) {
  const DataSchema& schema = data.schema();
  Table table{.columns = {{.title = "feature"}, {.title = "names", .is_prose = true}}};
  for (const Categories& categories : schema.categories) {
    const bool is_shown = table.rows.size() < kMostRows;
    table.rows.push_back({name_or_number(schema.feature_names, categories.feature),
                          is_shown ? describe_names(data, categories) : std::string()});
  }
  return with_layout(std::move(table));
}

/// How many samples have each of a feature's names.
Value counts_of_names(const Dataset& data, const Categories& categories) {
  const std::vector<std::size_t> counts = name_counts(data, categories);
  Table table{.columns = {{.key = "name"}, {.key = "samples"}}};
  for (std::size_t i = 0; i < counts.size(); ++i) table.rows.push_back({categories.names[i], counts[i]});
  return table;
}

/// All features in their order, numbers and names, for JSON.
Table feature_table(const Dataset& data, const std::vector<ColumnStatistics>& statistics) {
  const DataSchema& schema = data.schema();
  Table table{.columns = {{.key = "name"},
                          {.key = "min"},
                          {.key = "mean"},
                          {.key = "max"},
                          {.key = "standard_deviation"},
                          {.key = "buckets"},
                          {.key = "names"},
                          {.key = "missing"}}};
  auto categories = schema.categories.begin();
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    const std::string name = name_or_number(schema.feature_names, i);
    const std::size_t lacking = data.samples() - statistics[i].count();
    const Value missing = lacking > 0 ? Value(lacking) : Value(Absent());
    if (categories != schema.categories.end() && categories->feature == i) {
      const bool is_hashed = categories->buckets > 0;
      table.rows.push_back({name, Absent(), Absent(), Absent(), Absent(),
                            is_hashed ? Value(categories->buckets) : Value(Absent()),
                            is_hashed ? Value(Absent()) : counts_of_names(data, *categories), missing});
      ++categories;
    } else {
      table.rows.push_back({name, number(statistics[i].minimum()), number(statistics[i].mean()),
                            number(statistics[i].maximum()), number(statistics[i].standard_deviation()), Absent(), Absent(),
                            missing});
    }
  }
  return table;
}

/// How many samples each class or label has.
Table class_table(const Dataset& data, const std::string& title, const std::vector<std::string>& names,
                  const std::vector<std::size_t>& counts) {
  Table table{.columns = {{.key = "name", .title = title},
                          {.key = "samples", .title = "samples", .width = kWidth},
                          {.title = "share", .width = 7}}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double share = static_cast<double>(counts[i]) / static_cast<double>(data.samples());
    table.rows.push_back({names[i], counts[i], Number{share, Metric::Format::percentage}});
  }
  return with_layout(std::move(table));
}

Fact table_fact(std::string key, std::string title, Table table) {
  return {.key = std::move(key), .title = std::move(title), .value = std::move(table), .text = ""};
}

void add_features(Report& report, const Dataset& data) {
  const DataSchema& schema = data.schema();
  const std::vector<ColumnStatistics> statistics = feature_statistics(data);
  report.sections.back().push_back(hidden("features", feature_table(data, statistics)));
  const std::vector<NamedStatistics> numbers = number_features(schema, statistics);
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

/// Also the target's name, which JSON has for classes alone: of numbers it has a table.
void add_target_name(Facts& facts, const DataSchema& schema) {
  if (schema.target_names.size() != 1) return;
  const std::string& name = schema.target_names.front();
  facts.push_back(line("target", shortened(name, 60)));
  if (schema.task == Task::classification) facts.push_back(hidden("target", name));
}

}  // namespace

Report data_report(const DataParts& parts) {
  const Dataset& data = parts.train;
  const DataSchema& schema = data.schema();
  Report report;
  report.heading = fmt::format("{}: {}", printable(data.source()), name(schema.task));
  Facts& facts = report.sections.front();
  facts.push_back(hidden("kind", std::string("data")));
  facts.push_back(hidden("source", data.source()));
  facts.push_back(hidden("task", std::string(name(schema.task))));
  facts.push_back({.key = "samples", .title = "samples", .value = data.samples(), .text = ""});
  if (parts.test) {
    facts.push_back(hidden("test_samples", parts.test->samples()));
    facts.push_back(line(" ", fmt::format("and {} in the test part", with_separators(parts.test->samples()))));
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

}  // namespace gradus::cli
