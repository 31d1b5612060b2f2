#include "data/dataset/table_schema.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace gradus::internal {

std::vector<std::size_t> target_columns(const DataSchema& schema) {
  const std::size_t count = schema.task == Task::classification ? 1 : schema.targets;
  if (schema.target_columns.size() == count) return schema.target_columns;
  std::vector<std::size_t> first(count);
  std::iota(first.begin(), first.end(), std::size_t{0});
  return first;
}

std::optional<std::string> wrong_columns(const DataSchema& schema) {
  const std::vector<std::size_t> targets = target_columns(schema);
  const std::size_t end = schema.features + schema.ignored_columns.size() + targets.size();
  std::set<std::size_t> taken;
  for (const std::size_t column : targets)
    if (column >= end || !taken.insert(column).second) return "its targets are not columns of its table";
  for (const std::size_t column : schema.ignored_columns)
    if (column >= end || !taken.insert(column).second) return "the columns that it ignores are not columns of its table";
  const std::set<std::string> names(schema.target_names.begin(), schema.target_names.end());
  if (names.size() != schema.target_names.size()) return "several of its targets have the same name";
  if (!schema.target_names.empty() && schema.target_names.size() != targets.size())
    return "the number of its targets is not that of their names";
  return std::nullopt;
}

}  // namespace gradus::internal
