#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/wording.hpp"
#include "data/csv/find_columns.hpp"
#include "data/csv/number.hpp"
#include "data/csv/table_columns.hpp"
#include "data/dataset/category_names.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

using Kind = ColumnRole::Kind;

constexpr std::string_view kIgnored = "an ignored column";
constexpr std::string_view kCategorical = "a categorical column";
constexpr std::string_view kWeights = "the weights";

void check_options(const CsvReader& reader, const DataOptions& options) {
  if (options.most_categories == 0 || options.most_categories > kMostCategories)
    throw UsageError(fmt::format("a feature can have 1 to {} names as inputs, not {}", with_separators(kMostCategories),
                                 options.most_categories));
  if (reader.columns() < 2)
    throw DataError(fmt::format("{}: no feature: this table has a single column{}", reader.errors().source(),
                                single_column_hint(reader, options)));
}

/// By default the last column.
std::vector<std::size_t> targets_to_learn(const CsvReader& reader, const DataOptions& options) {
  if (!options.target) return {reader.columns() - 1};
  std::vector<std::size_t> targets = find_targets(reader, *options.target);
  if (targets.size() > 1 && options.task == Task::classification)
    throw UsageError(fmt::format("{}: {}, and a classification has one; several are numbers, or labels that are 0 or 1",
                                 reader.errors().source(), counted(targets.size(), "target")));
  return targets;
}

std::string_view name_of(Kind role, const TableColumns& columns) {
  if (role == Kind::target) return columns.targets.size() > 1 ? "a target" : kTheTarget;
  return role == Kind::weight ? kWeights : kIgnored;
}

/// The column that `wanted` names gets the role, which messages call `what`.
void give_role(Kind role, std::string_view what, const std::string& wanted, const CsvReader& reader, TableColumns& columns) {
  const std::size_t column = find_column(reader, wanted, what);
  Kind& current = columns.roles[column].kind;
  if (current != Kind::numbers && current != role)
    throw UsageError(fmt::format("{} of {} cannot be {}: it is {}", reader.errors().column(column), reader.errors().source(),
                                 what, name_of(current, columns)));
  current = role;
}

/// Every column is a feature of numbers unless the options say otherwise.
void give_roles(const CsvReader& reader, const DataOptions& options, TableColumns& columns) {
  columns.roles.assign(reader.columns(), {Kind::numbers});
  for (const std::size_t target : columns.targets) columns.roles[target].kind = Kind::target;
  if (options.weights) give_role(Kind::weight, kWeights, *options.weights, reader, columns);
  for (const std::string& wanted : options.ignored) give_role(Kind::ignored, kIgnored, wanted, reader, columns);
  for (const std::string& wanted : options.categorical) give_role(Kind::names, kCategorical, wanted, reader, columns);
}

/// Features count from 0 in the order of their columns.
void number_features(const CsvReader& reader, TableColumns& columns) {
  for (std::size_t i = 0; i < columns.roles.size(); ++i) {
    ColumnRole& role = columns.roles[i];
    if (role.is_feature()) {
      role.feature = static_cast<std::uint32_t>(columns.features.size());
      columns.features.push_back(i);
    } else if (role.kind != Kind::target) {
      columns.ignored.push_back(i);
    }
  }
  if (columns.features.empty())
    throw DataError(
        fmt::format("{}: no feature is left: every other column is a target or ignored", reader.errors().source()));
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
  for (std::size_t i = 0; i < columns.roles.size(); ++i)
    if (columns.roles[i].kind == Kind::numbers && collapses(rows, i)) collapsed.push_back(reader.errors().column(i));
  if (collapsed.empty()) return;
  const bool one = collapsed.size() == 1;
  columns.notes.push_back(fmt::format(
      "{}: {} {} different values that become equal as 32-bit floats; subtract an offset first", reader.errors().source(),
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
      fmt::format("{}: the first row was read as values; if it has the names of the columns, set `header` = yes",
                  reader.errors().source()));
}

}  // namespace

TableColumns columns_to_learn_from(const CsvReader& reader, const DataOptions& options) {
  check_options(reader, options);
  TableColumns columns;
  columns.targets = targets_to_learn(reader, options);
  give_roles(reader, options, columns);
  number_features(reader, columns);
  note_collapsed(reader, columns);
  note_missing_header(reader, options, columns);
  return columns;
}

}  // namespace gradus::internal
