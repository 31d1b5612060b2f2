#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "inspection.hpp"
#include "statistics.hpp"
#include "text.hpp"

namespace gradus::cli {
namespace {

constexpr std::size_t kMostRows = 20;
constexpr std::size_t kLongestName = 32;

std::string name_or_number(const std::vector<std::string>& names, std::size_t column) {
  return column < names.size() ? names[column] : fmt::format("{}", column + 1);
}

std::string statistics_row(std::string_view first, const ColumnStatistics& column, std::size_t width) {
  return fmt::format("  {}  {}  {}  {}  {}\n", aligned_left(first, width), aligned_right(general(column.minimum()), 12),
                     aligned_right(general(column.mean()), 12), aligned_right(general(column.maximum()), 12),
                     aligned_right(general(column.standard_deviation()), 12));
}

std::string statistics_table(std::string_view title, const std::vector<std::string>& names,
                             const std::vector<ColumnStatistics>& columns) {
  const std::size_t shown = std::min(columns.size(), kMostRows);
  std::size_t width = width_of(title);
  for (std::size_t i = 0; i < shown; ++i)
    width = std::max(width, width_of(shortened(name_or_number(names, i), kLongestName)));
  std::string text = fmt::format("\n  {}  {:>12}  {:>12}  {:>12}  {}\n", aligned_left(title, width), "min", "mean", "max",
                                 aligned_right("σ", 12));
  for (std::size_t i = 0; i < shown; ++i)
    text += statistics_row(shortened(name_or_number(names, i), kLongestName), columns[i], width);
  if (shown < columns.size())
    text += fmt::format("  … and {} more (all with --json)\n", with_separators(columns.size() - shown));
  return text;
}

std::string class_table(const Dataset& data) {
  const std::vector<std::string>& names = data.schema().class_names;
  const std::vector<std::size_t> counts = class_counts(data);
  const std::size_t shown = std::min(names.size(), kMostRows);
  std::size_t width = 5;
  for (std::size_t i = 0; i < shown; ++i) width = std::max(width, width_of(shortened(names[i], kLongestName)));
  std::string text = fmt::format("\n  {}  {:>12}  {:>7}\n", aligned_left("class", width), "samples", "share");
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

}  // namespace

std::string describe(const DataParts& parts) {
  const Dataset& data = parts.train;
  const DataSchema& schema = data.schema();
  std::string text = fmt::format("{}: {}\n", printable(data.source()), name(schema.task));
  text += fmt::format("samples   {}\n", with_separators(data.samples()));
  if (parts.test) text += fmt::format("          and {} in the test part\n", with_separators(parts.test->samples()));
  text +=
      fmt::format("features  {} ({})\n", with_separators(schema.features), data.holds_bytes() ? "bytes" : "32-bit floats");
  if (schema.target_names.size() == 1) text += fmt::format("target    {}\n", shortened(schema.target_names.front(), 60));
  text += statistics_table("feature", schema.feature_names, feature_statistics(data));
  return text + (schema.task == Task::classification
                     ? class_table(data)
                     : statistics_table("target", schema.target_names, target_statistics(data)));
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
  json["inputs"] = schema.features;
  json["outputs"] = schema.outputs();
  json["values"] = data.holds_bytes() ? "bytes" : "floats";
  json["features"] = to_json(schema.feature_names, feature_statistics(data));
  if (schema.task == Task::regression) {
    json["targets"] = to_json(schema.target_names, target_statistics(data));
    return json;
  }
  if (schema.target_names.size() == 1) json["target"] = schema.target_names.front();
  const std::vector<std::size_t> counts = class_counts(data);
  json["classes"] = Json::array();
  for (std::size_t i = 0; i < counts.size(); ++i)
    json["classes"].push_back({{"name", schema.class_names[i]}, {"samples", counts[i]}});
  return json;
}

}  // namespace gradus::cli
