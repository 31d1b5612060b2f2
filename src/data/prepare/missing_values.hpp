#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "data/dataset/storage.hpp"

namespace gradus::internal {

/// Whether any of the values is NaN, which stands for a missing one.
[[nodiscard]] bool has_missing(std::span<const float> values);

/// Of data to learn from, whose schema says what stands for missing values: finds which features lack some, notes it, and
/// gives them indicators where these are asked for. `column_of` says how a feature is called in messages.
void find_missing(DatasetStorage& storage, const std::function<std::string(std::size_t)>& column_of);

}  // namespace gradus::internal
