#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/wording.hpp"
#include "data/csv/find_columns.hpp"
#include "data/csv/table_columns.hpp"
#include "data/dataset/class_names.hpp"
#include "data/dataset/table_schema.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

using Kind = ColumnRole::Kind;

/// The model's features by name.
std::vector<std::string> match_names(const CsvReader& reader, const DataSchema& schema, TableColumns& columns) {
  TextMap<std::size_t> index;
  for (std::size_t i = 0; i < reader.names().size(); ++i) index.emplace(reader.names()[i], i);
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < schema.feature_names.size(); ++i) {
    const auto found = index.find(schema.feature_names[i]);
    if (found == index.end())
      missing.push_back(schema.feature_names[i]);
    else
      columns.roles[found->second] = {Kind::numbers, static_cast<std::uint32_t>(i)};
  }
  return missing;
}

/// The columns that replace a model's targets, in the order of the outputs.
std::vector<std::size_t> find_targets_of(const DataSchema& schema, const CsvReader& reader, const std::string& wanted) {
  std::vector<std::size_t> targets = find_targets(reader, wanted);
  const std::size_t expected = schema.task == Task::classification ? 1 : schema.targets;
  if (targets.size() != expected)
    throw UsageError(fmt::format("{} does not name the model's {}", in_quotes(wanted), counted(expected, "target")));
  // The model's own names mean themselves, in whatever order.
  std::vector<std::size_t> by_name;
  for (const std::string& name : schema.target_names)
    if (const auto column = column_named(reader, name); column && is_among(targets, *column)) by_name.push_back(*column);
  return by_name.size() == targets.size() ? by_name : targets;
}

void note_ignored(const CsvReader& reader, std::span<const std::size_t> targets, TableColumns& columns) {
  std::vector<std::string> ignored;
  for (std::size_t i = 0; i < columns.roles.size(); ++i)
    if (columns.roles[i].kind == Kind::ignored && !is_among(targets, i)) ignored.push_back(reader.names()[i]);
  if (!ignored.empty())
    columns.notes.push_back(fmt::format("{} of {} {} ignored: {}", counted(ignored.size(), "column"),
                                        reader.errors().source(), ignored.size() == 1 ? "was" : "were", listed(ignored)));
}

TableColumns match_by_name(const CsvReader& reader, const DataSchema& schema, Targets wanted, const DataOptions& options) {
  TableColumns columns;
  columns.roles.resize(reader.columns());
  std::vector<std::string> missing = match_names(reader, schema, columns);
  std::vector<std::size_t> targets;
  if (options.target) targets = find_targets_of(schema, reader, *options.target);
  for (std::size_t i = 0; i < schema.target_names.size() && !options.target; ++i)
    if (const auto column = column_named(reader, schema.target_names[i]))
      targets.push_back(*column);
    else if (wanted == Targets::required)
      missing.push_back(schema.target_names[i]);
  if (wanted == Targets::required) columns.targets = targets;
  if (!missing.empty())
    throw DataError(fmt::format("{}: {} that the model needs {} missing: {}{}", reader.errors().source(),
                                counted(missing.size(), "column"), missing.size() == 1 ? "is" : "are", listed(missing),
                                single_column_hint(reader, options)));
  for (const std::size_t target : targets)
    if (columns.roles[target].is_feature())
      throw UsageError(fmt::format("{}: {} cannot be the target: it is one of the model's features",
                                   reader.errors().source(), reader.errors().column(target)));
  note_ignored(reader, targets, columns);
  return columns;
}

/// The columns that training ignored, in a table with the targets or without them.
std::vector<bool> ignored_columns(const DataSchema& schema, std::size_t width) {
  const std::size_t trained_on = schema.features + schema.ignored_columns.size() + target_columns(schema).size();
  std::vector<std::size_t> absent;
  if (width != trained_on) absent = target_columns(schema);
  std::vector<bool> ignored(width);
  for (const std::size_t column : schema.ignored_columns)
    ignored[column - static_cast<std::size_t>(
                         std::ranges::count_if(absent, [&](std::size_t target) { return target < column; }))] = true;
  return ignored;
}

/// Without names, columns are matched by position: those of the training table, with the targets or without them.
TableColumns match_by_position(const CsvReader& reader, const DataSchema& schema, Targets wanted,
                               const DataOptions& options) {
  const std::size_t width = reader.columns();
  const std::size_t others = schema.features + schema.ignored_columns.size();
  std::vector<std::size_t> targets = target_columns(schema);
  const std::string what = targets.size() == 1 ? "a target" : counted(targets.size(), "target");
  if (width != others && width != others + targets.size())
    throw DataError(
        fmt::format("{}: {}, and the model needs {}{}{}{}", reader.errors().source(), counted(width, "column"),
                    counted(schema.features, "feature"),
                    schema.ignored_columns.empty()
                        ? ""
                        : fmt::format(", the {} that training ignored", counted(schema.ignored_columns.size(), "column")),
                    wanted == Targets::required ? fmt::format(" and {}", what) : fmt::format(", with or without {}", what),
                    single_column_hint(reader, options)));
  TableColumns columns;
  if (width == others)
    targets.clear();
  else if (options.target)
    targets = find_targets_of(schema, reader, *options.target);
  const std::vector<bool> ignored = ignored_columns(schema, width);
  for (const std::size_t target : targets)
    if (ignored[target])
      throw UsageError(fmt::format("{} of {} cannot be the target: training ignored it", reader.errors().column(target),
                                   reader.errors().source()));
  if (wanted == Targets::required && targets.empty())
    throw DataError(fmt::format("{}: {}, as many as the model has features; the target is missing", reader.errors().source(),
                                counted(width, "column")));
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < width; ++i)
    columns.roles.push_back(is_among(targets, i) || ignored[i] ? ColumnRole{Kind::ignored}
                                                               : ColumnRole{Kind::numbers, next++});
  if (wanted == Targets::required) columns.targets = std::move(targets);
  if (!schema.feature_names.empty())
    columns.notes.push_back(fmt::format("{} has no header, so its columns were taken in the order of the model's features",
                                        reader.errors().source()));
  return columns;
}

}  // namespace

TableColumns columns_for_model(const CsvReader& reader, const DataSchema& schema, Targets targets,
                               const DataOptions& options) {
  if (const auto wrong = wrong_columns(schema)) throw UsageError(fmt::format("the schema is not valid: {}", *wrong));
  const bool by_name = !schema.feature_names.empty() && !reader.names().empty();
  TableColumns columns =
      by_name ? match_by_name(reader, schema, targets, options) : match_by_position(reader, schema, targets, options);
  for (const std::size_t target : columns.targets) columns.roles[target] = {Kind::target};
  std::vector<bool> has_names(schema.features);
  for (const Categories& categories : schema.categories) has_names[categories.feature] = true;
  for (ColumnRole& role : columns.roles)
    if (role.is_feature() && has_names[role.feature]) role.kind = Kind::names;
  return columns;
}

}  // namespace gradus::internal
