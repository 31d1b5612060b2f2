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

std::string statistics_row(std::string_view first, const ColumnStatistics& column, std::size_t width) {
  return fmt::format("  {}  {}  {}  {}  {}", aligned_left(first, width), aligned_right(general(column.minimum()), 12),
                     aligned_right(general(column.mean()), 12), aligned_right(general(column.maximum()), 12),
                     aligned_right(general(column.standard_deviation()), 12));
}

/// Of so many samples; how many values are missing is told where any is.
std::string statistics_table(std::string_view title, const std::vector<NamedStatistics>& columns, std::size_t samples) {
  const std::size_t shown = std::min(columns.size(), kMostRows);
  std::size_t width = width_of(title);
  for (std::size_t i = 0; i < shown; ++i) width = std::max(width, width_of(shortened(columns[i].name, kLongestName)));
  const bool any_missing =
      std::any_of(columns.begin(), columns.end(), [&](const auto& column) { return column.statistics.count() < samples; });
  std::string text = fmt::format("\n  {}  {:>12}  {:>12}  {:>12}  {}{}\n", aligned_left(title, width), "min", "mean", "max",
                                 aligned_right("σ", 12), any_missing ? fmt::format("  {:>12}", "missing") : "");
  for (std::size_t i = 0; i < shown; ++i) {
    text += statistics_row(shortened(columns[i].name, kLongestName), columns[i].statistics, width);
    if (any_missing) text += fmt::format("  {:>12}", with_separators(samples - columns[i].statistics.count()));
    text += "\n";
  }
  if (shown < columns.size())
    text += fmt::format("  … and {} more (all with --json)\n", with_separators(columns.size() - shown));
  return text;
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

std::string names_table(const Dataset& data) {
  const DataSchema& schema = data.schema();
  const std::size_t shown = std::min(schema.categories.size(), kMostRows);
  if (shown == 0) return "";
  const auto title = [&](std::size_t i) {
    return shortened(name_or_number(schema.feature_names, schema.categories[i].feature), kLongestName);
  };
  std::size_t width = 7;
  for (std::size_t i = 0; i < shown; ++i) width = std::max(width, width_of(title(i)));
  std::string text = fmt::format("\n  {}  names\n", aligned_left("feature", width));
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format("  {}  {}\n", aligned_left(title(i), width), describe_names(data, schema.categories[i]));
  if (shown < schema.categories.size())
    text += fmt::format("  … and {} more (all with --json)\n", with_separators(schema.categories.size() - shown));
  return text;
}

/// How many samples each class or label has.
std::string class_table(const Dataset& data, std::string_view title, const std::vector<std::string>& names,
                        const std::vector<std::size_t>& counts) {
  const std::size_t shown = std::min(names.size(), kMostRows);
  std::size_t width = 5;
  for (std::size_t i = 0; i < shown; ++i) width = std::max(width, width_of(shortened(names[i], kLongestName)));
  std::string text = fmt::format("\n  {}  {:>12}  {:>7}\n", aligned_left(title, width), "samples", "share");
  for (std::size_t i = 0; i < shown; ++i)
    text += fmt::format("  {}  {:>12}  {:>7}\n", aligned_left(shortened(names[i], kLongestName), width),
                        with_separators(counts[i]),
                        percent(static_cast<double>(counts[i]) / static_cast<double>(data.samples())));
  if (shown < names.size())
    text += fmt::format("  … and {} more (all with --json)\n", with_separators(names.size() - shown));
  return text;
}

Json to_json(const std::string& column_name, const ColumnStatistics& column) {
  Json json;
  json["name"] = column_name;
  json["min"] = column.minimum();
  json["mean"] = column.mean();
  json["max"] = column.maximum();
  json["standard_deviation"] = column.standard_deviation();
  return json;
}

Json to_json(const std::vector<std::string>& names, const std::vector<ColumnStatistics>& columns) {
  Json json = Json::array();
  for (std::size_t i = 0; i < columns.size(); ++i) json.push_back(to_json(name_or_number(names, i), columns[i]));
  return json;
}

Json names_to_json(const Dataset& data, const Categories& categories) {
  Json json;
  json["name"] = name_or_number(data.schema().feature_names, categories.feature);
  if (categories.buckets > 0) {
    json["buckets"] = categories.buckets;
    return json;
  }
  const std::vector<std::size_t> counts = name_counts(data, categories);
  json["names"] = Json::array();
  for (std::size_t i = 0; i < counts.size(); ++i)
    json["names"].push_back({{"name", categories.names[i]}, {"samples", counts[i]}});
  return json;
}

Json features_to_json(const Dataset& data) {
  const DataSchema& schema = data.schema();
  const std::vector<ColumnStatistics> columns = feature_statistics(data);
  Json json = to_json(schema.feature_names, columns);
  for (const Categories& categories : schema.categories) json[categories.feature] = names_to_json(data, categories);
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].count() < data.samples()) json[i]["missing"] = data.samples() - columns[i].count();
  return json;
}

}  // namespace

std::string describe(const DataParts& parts) {
  const Dataset& data = parts.train;
  const DataSchema& schema = data.schema();
  std::string text = fmt::format("{}: {}\n", printable(data.source()), name(schema.task));
  text += fmt::format("samples   {}\n", with_separators(data.samples()));
  if (parts.test) text += fmt::format("          and {} in the test part\n", with_separators(parts.test->samples()));
  text +=
      fmt::format("features  {} ({})\n", with_separators(schema.features), data.holds_bytes() ? "bytes" : "32-bit floats");
  if (const std::string columns = describe_columns(schema); !columns.empty()) text += fmt::format("inputs    {}\n", columns);
  if (schema.target_names.size() == 1) text += fmt::format("target    {}\n", shortened(schema.target_names.front(), 60));
  const std::vector<NamedStatistics> numbers = number_features(schema, feature_statistics(data));
  if (!numbers.empty()) text += statistics_table("feature", numbers, data.samples());
  text += names_table(data);
  switch (schema.task) {
    case Task::classification:
      return text + class_table(data, "class", schema.class_names, class_counts(data));
    case Task::multi_label:
      return text + class_table(data, "label", label_names(schema), label_counts(data));
    case Task::regression:
      break;
  }
  return text + statistics_table("target", with_names(schema.target_names, target_statistics(data)), data.samples());
}

Json to_json(const DataParts& parts) {
  const Dataset& data = parts.train;
  const DataSchema& schema = data.schema();
  Json json;
  json["kind"] = "data";
  json["source"] = data.source();
  json["task"] = name(schema.task);
  json["samples"] = data.samples();
  if (parts.test) json["test_samples"] = parts.test->samples();
  json["inputs"] = schema.inputs();
  json["outputs"] = schema.outputs();
  json["values"] = data.holds_bytes() ? "bytes" : "floats";
  json["features"] = features_to_json(data);
  if (schema.task == Task::regression) {
    json["targets"] = to_json(schema.target_names, target_statistics(data));
    return json;
  }
  const bool has_classes = schema.task == Task::classification;
  if (has_classes && schema.target_names.size() == 1) json["target"] = schema.target_names.front();
  const std::vector<std::size_t> counts = has_classes ? class_counts(data) : label_counts(data);
  const std::vector<std::string> names = has_classes ? schema.class_names : label_names(schema);
  Json& entries = json[has_classes ? "classes" : "labels"] = Json::array();
  for (std::size_t i = 0; i < counts.size(); ++i) entries.push_back({{"name", names[i]}, {"samples", counts[i]}});
  return json;
}

}  // namespace gradus::cli
