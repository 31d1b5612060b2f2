#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gradus/dataset.hpp"

namespace gradus::internal {

/// Where a table has the schema's targets, in the order of the outputs: where they were in training. Those of a model that
/// has learnt from arrays are taken for the first columns.
[[nodiscard]] std::vector<std::size_t> target_columns(const DataSchema& schema);

/// What is impossible about the columns of a schema, which somebody may have made: targets and ignored columns that its
/// table cannot have, or targets of the same name. Nothing where all is well.
[[nodiscard]] std::optional<std::string> wrong_columns(const DataSchema& schema);

}  // namespace gradus::internal
