#include "report/data_tables.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/words.hpp"

namespace gradus::report {
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

Value number(double value) {
  return Number{value};
}

/// The most frequent names of a categorical feature: "female 314, male 577".
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

/// The number of samples with each name of a categorical feature.
Value counts_of_names(const Dataset& data, const Categories& categories) {
  const std::vector<std::size_t> counts = name_counts(data, categories);
  Table table{.columns = {{.key = "name"}, {.key = "samples"}}};
  for (std::size_t i = 0; i < counts.size(); ++i) table.rows.push_back({categories.names[i], counts[i]});
  return table;
}

}  // namespace

std::string name_or_number(const std::vector<std::string>& names, std::size_t column) {
  return column < names.size() ? names[column] : fmt::format("{}", column + 1);
}

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

}  // namespace gradus::report
