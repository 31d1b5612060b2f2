#pragma once

#include <cstdint>
#include <vector>

#include "layers/layer_parameters.hpp"

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

}  // namespace gradus::internal
