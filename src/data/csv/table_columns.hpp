#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv/reader.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// The column, from 0, that `wanted` names: a name wins over a number counted from 1. Throws UsageError, which says that
/// `role`, such as "the target", cannot be that one.
[[nodiscard]] std::size_t find_column(const CsvReader& reader, const std::string& wanted, std::string_view role);

/// What becomes of each column of a table.
struct TableColumns {
  std::vector<std::int32_t> places;   ///< one per column: see CsvReader::read_rows
  std::vector<std::size_t> targets;   ///< the columns whose values become targets, in the order of the outputs
  std::vector<std::size_t> features;  ///< to learn from: the column of each feature
  std::vector<std::size_t> ignored;   ///< to learn from: the columns that are not wanted
  std::vector<std::string> notes;
};

/// Every column but the targets and those to ignore is a feature. Throws DataError for a table without a feature, UsageError
/// for a column that is not there or cannot be two things at once.
[[nodiscard]] TableColumns columns_to_learn_from(const CsvReader& reader, const DataOptions& options);

/// The columns that a model needs: by name where both have names, else by position. Throws DataError.
[[nodiscard]] TableColumns columns_for_model(const CsvReader& reader, const DataSchema& schema, Targets targets,
                                             const DataOptions& options);

}  // namespace gradus::internal
