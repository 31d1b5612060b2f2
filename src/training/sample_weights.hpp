#pragma once

#include <vector>

#include "gradus/dataset.hpp"

namespace gradus::internal {

/// By how much each sample of a training part counts: its own weight times that of its class, divided by their mean, so that
/// a learning rate means the same as without. `class_weights` may be empty. Empty where all count alike. Throws DataError
/// when none counts.
[[nodiscard]] std::vector<float> sample_weights(const Dataset& train, const std::vector<double>& class_weights);

}  // namespace gradus::internal
