#pragma once

#include <cstddef>

#include "gradus/model.hpp"

namespace gradus::internal {

/// Predictions with room for this many outputs of each sample, but without values. Throws OutOfMemory.
[[nodiscard]] Predictions room_for_predictions(std::size_t samples, std::size_t outputs);

/// Adds the class index with the largest output of each sample.
void add_predicted_classes(Predictions& predictions);

}  // namespace gradus::internal
