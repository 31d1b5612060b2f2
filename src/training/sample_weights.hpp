#pragma once

#include <vector>

#include "gradus/dataset.hpp"

namespace gradus::internal {

/// How much each sample of a training set counts: its own weight times that of its class, divided by the mean over all
/// samples, so that a learning rate means the same as without weights. `class_weights` may be empty. Empty where all samples
/// count alike. Throws DataError when no sample counts.
[[nodiscard]] std::vector<float> sample_weights(const Dataset& train, const std::vector<double>& class_weights);

}  // namespace gradus::internal
