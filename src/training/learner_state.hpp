#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "layers/layer_spec.hpp"

namespace gradus::internal {

/// The state of a learner, on the host: enough to go on with training, bit for bit, on a device of the same kind.
struct LearnerState {
  std::vector<LayerParameters> parameters = {};            ///< layers 1 … L
  std::vector<std::vector<LayerParameters>> moments = {};  ///< the optimizer's running values: per moment, layers 1 … L
  std::uint64_t optimizer_steps = 0;                       ///< OptimizerValues::steps
  /// Samples for which dropout and augmentation have drawn; 0 without them.
  std::uint64_t draws = 0;

  bool operator==(const LearnerState&) const = default;
};

/// Checks that the parameters and moments of a state have the sizes of these layers, and of an optimizer with this many
/// moments. Throws UsageError, which says what does not fit.
void require_fit(const LearnerState& state, std::span<const LayerSpec> layers, std::size_t moments);

}  // namespace gradus::internal
