#include "data/csv/table_columns.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/suggest.hpp"
#include "base/wording.hpp"
#include "data/csv/number.hpp"
#include "data/dataset/category_names.hpp"
#include "data/dataset/class_names.hpp"
#include "data/dataset/table_schema.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

// What a column may be, in messages.
constexpr std::string_view kTarget = "the target";
constexpr std::string_view kIgnored = "an ignored column";
constexpr std::string_view kCategorical = "a categorical column";
constexpr std::string_view kWeights = "the weights";

/// Why a table may have a single column against its author's will; "" for a table with more.
std::string single_column_hint(const CsvReader& reader, const DataOptions& options) {
  if (reader.columns() > 1) return "";
  std::string hint =
      " (the delimiter is looked for among comma, tab, semicolon and |; others, such as a space, must be given)";
  if (options.delimiter)
    hint = fmt::format(" (with {} as the delimiter, as asked)", *options.delimiter == '\t' ? "a tab"
                                                                : *options.delimiter == ' '
                                                                    ? "a space"
                                                                    : in_quotes({&*options.delimiter, 1}));
  return hint.append(reader.errors().comment_hint());
}

/// Whether most of the different numbers in these fields become the same 32-bit float.
bool collapses(const std::vector<CsvRecord>& rows, std::size_t column) {
  // Up to six significant digits survive, whatever they are.
  constexpr std::size_t kShort = 7;
  const auto is_long = [&](const CsvRecord& row) {
    return column < row.fields.size() && row.fields[column].size() > kShort;
  };
  if (std::none_of(rows.begin(), rows.end(), is_long)) return false;
  std::set<double> numbers;
  std::set<float> rounded;
  for (const CsvRecord& row : rows) {
    double number = 0;
    float single = 0;
    if (column >= row.fields.size() || parse_field(row.fields[column], number) != FieldKind::number) return false;
    if (parse_field(row.fields[column], single) != FieldKind::number) return false;
    numbers.insert(number);
    rounded.insert(single);
  }
  return 2 * rounded.size() <= numbers.size();
}

/// Looks at the first rows only: this costs nothing beside reading a table. A column that changes slowly, such as a time,
/// shows it there.
void note_collapsed(const CsvReader& reader, TableColumns& columns) {
  constexpr std::size_t kRows = 256;
  const std::vector<CsvRecord> rows = reader.rows_ahead(kRows);
  std::vector<std::string> collapsed;
  for (std::size_t i = 0; i < columns.places.size(); ++i)
    if (columns.places[i] >= 0 && collapses(rows, i)) collapsed.push_back(reader.errors().column(i));
  if (collapsed.empty()) return;
  const bool one = collapsed.size() == 1;
  columns.notes.push_back(fmt::format(
      "{}: {} {} different values that a 32-bit float cannot tell apart; subtract an offset first", reader.errors().source(),
      fmt::join(collapsed.begin(), collapsed.begin() + std::min<std::ptrdiff_t>(10, std::ssize(collapsed)), ", "),
      one ? "has" : "have"));
}

/// A first row of texts may be a header after all.
void note_missing_header(const CsvReader& reader, const DataOptions& options, TableColumns& columns) {
  if (options.header || !reader.names().empty()) return;
  const std::vector<CsvRecord> rows = reader.rows_ahead(1);
  if (rows.empty() || !std::all_of(rows.front().fields.begin(), rows.front().fields.end(),
                                   [](const std::string& field) { return field_kind(field) == FieldKind::text; }))
    return;
  columns.notes.push_back(
      fmt::format("{}: the first row was taken for values; if it holds the columns' names, say so (--header yes)",
                  reader.errors().source()));
}

std::optional<std::size_t> column_named(const CsvReader& reader, std::string_view name) {
  const auto& names = reader.names();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - names.begin()));
}

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
      columns.places[found->second] = static_cast<std::int32_t>(i);
  }
  return missing;
}

bool is_among(std::span<const std::size_t> columns, std::size_t column) {
  return std::ranges::find(columns, column) != columns.end();
}

/// The columns that a user names as targets: one, or several with commas between them.
std::vector<std::size_t> find_targets(const CsvReader& reader, const std::string& wanted) {
  if (wanted.find(',') == std::string::npos || column_named(reader, wanted)) return {find_column(reader, wanted, kTarget)};
  std::vector<std::size_t> targets;
  for (std::string_view rest = wanted;;) {
    const std::size_t comma = rest.find(',');
    targets.push_back(find_column(reader, std::string(trimmed(rest.substr(0, comma))), kTarget));
    if (is_among(std::span(targets).first(targets.size() - 1), targets.back()))
      throw UsageError(fmt::format("{} of {} is given twice as a target", reader.errors().column(targets.back()),
                                   reader.errors().source()));
    if (comma == std::string_view::npos) return targets;
    rest.remove_prefix(comma + 1);
  }
}

/// Those that stand for a model's targets, each in its place.
std::vector<std::size_t> find_targets_of(const DataSchema& schema, const CsvReader& reader, const std::string& wanted) {
  std::vector<std::size_t> targets = find_targets(reader, wanted);
  const std::size_t expected = schema.task == Task::classification ? 1 : schema.targets;
  if (targets.size() != expected)
    throw UsageError(fmt::format("{} cannot stand for the model's {}", in_quotes(wanted), counted(expected, "target")));
  // The model's own names stand for themselves, in whatever order.
  std::vector<std::size_t> by_name;
  for (const std::string& name : schema.target_names)
    if (const auto column = column_named(reader, name); column && is_among(targets, *column)) by_name.push_back(*column);
  return by_name.size() == targets.size() ? by_name : targets;
}

void note_ignored(const CsvReader& reader, std::span<const std::size_t> targets, TableColumns& columns) {
  std::vector<std::string> ignored;
  for (std::size_t i = 0; i < columns.places.size(); ++i)
    if (columns.places[i] == kIgnoredColumn && !is_among(targets, i)) ignored.push_back(reader.names()[i]);
  if (!ignored.empty())
    columns.notes.push_back(fmt::format("{} of {} {} ignored: {}", counted(ignored.size(), "column"),
                                        reader.errors().source(), ignored.size() == 1 ? "was" : "were", listed(ignored)));
}

TableColumns match_by_name(const CsvReader& reader, const DataSchema& schema, Targets wanted, const DataOptions& options) {
  TableColumns columns;
  columns.places.assign(reader.columns(), kIgnoredColumn);
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
    throw DataError(fmt::format("{}: {} that the model needs {} not there: {}{}", reader.errors().source(),
                                counted(missing.size(), "column"), missing.size() == 1 ? "is" : "are", listed(missing),
                                single_column_hint(reader, options)));
  for (const std::size_t target : targets)
    if (columns.places[target] >= 0)
      throw UsageError(fmt::format("{}: {} cannot be the target: it is one of the model's features",
                                   reader.errors().source(), reader.errors().column(target)));
  note_ignored(reader, targets, columns);
  return columns;
}

/// The columns that training ignored, in a table with the targets or without them.
std::vector<bool> ignored_columns(const DataSchema& schema, std::size_t width, bool has_targets) {
  const std::vector<std::size_t> targets = target_columns(schema);
  std::vector<bool> ignored(width);
  for (const std::size_t column : schema.ignored_columns) {
    const auto before = std::ranges::count_if(targets, [&](std::size_t target) { return target < column; });
    ignored[has_targets ? column : column - static_cast<std::size_t>(before)] = true;
  }
  return ignored;
}

/// Columns have no names, so they are those of the training table, with the targets or without them.
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
  const std::vector<bool> ignored = ignored_columns(schema, width, !targets.empty());
  for (const std::size_t target : targets)
    if (ignored[target])
      throw UsageError(fmt::format("{} of {} cannot be the target: training ignored it", reader.errors().column(target),
                                   reader.errors().source()));
  if (wanted == Targets::required && targets.empty())
    throw DataError(fmt::format("{}: {}, as many as the model has features; the target is missing", reader.errors().source(),
                                counted(width, "column")));
  std::int32_t next = 0;
  for (std::size_t i = 0; i < width; ++i)
    columns.places.push_back(is_among(targets, i) || ignored[i] ? kIgnoredColumn : next++);
  if (wanted == Targets::required) columns.targets = std::move(targets);
  if (!schema.feature_names.empty())
    columns.notes.push_back(fmt::format("{} has no header, so its columns were taken in the order of the model's features",
                                        reader.errors().source()));
  return columns;
}

}  // namespace

std::size_t find_column(const CsvReader& reader, const std::string& wanted, std::string_view role) {
  if (const auto column = column_named(reader, wanted)) return *column;
  std::size_t number = 0;
  const char* end = wanted.data() + wanted.size();
  const auto [after, error] = std::from_chars(wanted.data(), end, number);
  const bool is_number = after == end && error != std::errc::invalid_argument;
  if (is_number && error == std::errc() && number >= 1 && number <= reader.columns()) return number - 1;
  const std::string& source = reader.errors().source();
  if (is_number)
    throw UsageError(
        fmt::format("{} cannot be column {} of {}: its columns are 1 to {}", role, wanted, source, reader.columns()));
  if (reader.names().empty())
    throw UsageError(fmt::format("{} cannot be {}: {} has no header; give a number from 1 to {}", role, in_quotes(wanted),
                                 source, reader.columns()));
  const std::vector<std::string_view> candidates(reader.names().begin(), reader.names().end());
  const std::string near = nearest(wanted, candidates);
  throw UsageError(fmt::format("{} cannot be {}: {} has no such column{}; it has {}", role, in_quotes(wanted), source,
                               near.empty() ? "" : fmt::format(" (did you mean {}?)", in_quotes(near)),
                               listed(reader.names(), 20)));
}

TableColumns columns_to_learn_from(const CsvReader& reader, const DataOptions& options) {
  const std::size_t width = reader.columns();
  TableColumns columns;
  if (options.most_categories == 0 || options.most_categories > kMostCategories)
    throw UsageError(fmt::format("a feature can have 1 to {} names as inputs, and {} are asked for",
                                 grouped(kMostCategories), options.most_categories));
  if (width < 2)
    throw DataError(fmt::format("{}: no feature: this table has a single column{}", reader.errors().source(),
                                single_column_hint(reader, options)));
  if (options.target)
    columns.targets = find_targets(reader, *options.target);
  else
    columns.targets = {width - 1};
  if (columns.targets.size() > 1 && options.task == Task::classification)
    throw UsageError(fmt::format("{}: {}, and a classification has one; several are numbers, or labels that are 0 or 1",
                                 reader.errors().source(), counted(columns.targets.size(), "target")));
  enum class Role : std::uint8_t { numbers, names, ignored, target, weights };
  std::vector<Role> roles(width, Role::numbers);
  for (const std::size_t target : columns.targets) roles[target] = Role::target;
  const auto give = [&](const std::string& wanted, Role role, std::string_view what) {
    const std::size_t column = find_column(reader, wanted, what);
    if (roles[column] != Role::numbers && roles[column] != role)
      throw UsageError(fmt::format("{} of {} cannot be {}: it is {}", reader.errors().column(column),
                                   reader.errors().source(), what,
                                   roles[column] == Role::target    ? columns.targets.size() > 1 ? "a target" : kTarget
                                   : roles[column] == Role::weights ? kWeights
                                                                    : kIgnored));
    roles[column] = role;
  };
  if (options.weights) give(*options.weights, Role::weights, kWeights);
  for (const std::string& wanted : options.ignored) give(wanted, Role::ignored, kIgnored);
  for (const std::string& wanted : options.categorical) give(wanted, Role::names, kCategorical);
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t feature = columns.features.size();
    const Role role = roles[i];
    columns.places.push_back(role == Role::target    ? kTargetColumn
                             : role == Role::ignored ? kIgnoredColumn
                             : role == Role::weights ? kWeightColumn
                             : role == Role::names   ? names_at(feature)
                                                     : static_cast<std::int32_t>(feature));
    if (role == Role::ignored || role == Role::weights) columns.ignored.push_back(i);
    if (role == Role::numbers || role == Role::names) columns.features.push_back(i);
  }
  if (columns.features.empty())
    throw DataError(
        fmt::format("{}: no feature is left: every other column is a target or ignored", reader.errors().source()));
  note_collapsed(reader, columns);
  note_missing_header(reader, options, columns);
  return columns;
}

TableColumns columns_for_model(const CsvReader& reader, const DataSchema& schema, Targets targets,
                               const DataOptions& options) {
  if (const auto wrong = wrong_columns(schema)) throw UsageError(fmt::format("the schema is impossible: {}", *wrong));
  const bool by_name = !schema.feature_names.empty() && !reader.names().empty();
  TableColumns columns =
      by_name ? match_by_name(reader, schema, targets, options) : match_by_position(reader, schema, targets, options);
  for (const std::size_t target : columns.targets) columns.places[target] = kTargetColumn;
  std::vector<bool> has_names(schema.features);
  for (const Categories& categories : schema.categories) has_names[categories.feature] = true;
  for (std::int32_t& place : columns.places)
    if (place >= 0 && has_names[static_cast<std::size_t>(place)]) place = names_at(static_cast<std::size_t>(place));
  return columns;
}

}  // namespace gradus::internal
