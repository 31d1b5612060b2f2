#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "data/dataset/storage.hpp"

namespace gradus::internal {

/// Finds the features that lack values, if any value is missing.
void find_missing(DatasetStorage& storage);
/// The same, with a note for those who learn from the data. `column_of` says what a feature is called in messages.
void note_missing(DatasetStorage& storage, const std::function<std::string(std::size_t)>& column_of);

/// Throws DataError, which says where the first value is missing, when there is one and a model for `schema` must have all.
void refuse_missing(const Dataset& data, const DataSchema& schema);

}  // namespace gradus::internal
