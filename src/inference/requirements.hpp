#pragma once

#include <span>

#include "gradus/dataset.hpp"

namespace gradus::internal {

/// Throws DataError when the data's features are not those that the network was trained on.
void require_features(const Dataset& data, const DataSchema& schema);

/// Throws DataError when `features`, which come from a program, do not have the form of samples, (samples, features)
/// row-major.
void require_values(std::span<const float> features, const DataSchema& schema);

/// Throws DataError when a network for `schema` cannot be evaluated on the data: no targets, or other features or outputs.
void require_evaluable(const Dataset& data, const DataSchema& schema);

}  // namespace gradus::internal
