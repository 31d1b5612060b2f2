#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/csv_reader.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// The column, from 0, that `wanted` names: a name wins over a number counted from 1. Throws UsageError.
[[nodiscard]] std::size_t find_target_column(const CsvReader& reader, const std::string& wanted);

/// What becomes of each column of a table.
struct TableColumns {
  std::vector<std::int32_t> places;   ///< one per column: see CsvReader::read_rows
  std::optional<std::size_t> target;  ///< the column whose values become targets
  std::vector<std::string> notes;
};

/// Every column but one is a feature. Throws DataError for a table with a single column, UsageError for an unknown target.
[[nodiscard]] TableColumns columns_to_learn_from(const CsvReader& reader, const DataOptions& options);

/// The columns that a model needs: by name where both have names, else by position. Throws DataError.
[[nodiscard]] TableColumns columns_for_model(const CsvReader& reader, const DataSchema& schema, Targets targets,
                                             const DataOptions& options);

}  // namespace gradus::internal
