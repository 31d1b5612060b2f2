#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/csv/column_role.hpp"
#include "data/csv/reader.hpp"
#include "gradus/loading.hpp"

namespace gradus::internal {

/// What becomes of the columns of a table.
struct TableColumns {
  std::vector<ColumnRole> roles;      ///< one per column
  std::vector<std::size_t> targets;   ///< the columns whose values become targets, in the order of the outputs
  std::vector<std::size_t> features;  ///< to learn from: the column of each feature
  std::vector<std::size_t> ignored;   ///< to learn from: the columns that are neither features nor targets
  std::vector<std::string> notes;
};

/// Every column but the targets and those to ignore is a feature. Throws DataError for a table without a feature, UsageError
/// for a column that is not there or cannot be two things at once.
[[nodiscard]] TableColumns columns_to_learn_from(const CsvReader& reader, const DataOptions& options);

/// The columns that a model needs: by name where both have names, else by position. Throws DataError.
[[nodiscard]] TableColumns columns_for_model(const CsvReader& reader, const DataSchema& schema, Targets targets,
                                             const DataOptions& options);

}  // namespace gradus::internal
