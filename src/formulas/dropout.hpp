#pragma once

#include <cstdint>

#include "formulas/philox.hpp"

namespace gradus::internal {

/// Which units of a layer are dropped for a sample (Srivastava et al. 2014): each with the same chance, drawn anew whenever
/// the sample is visited. Unit j of the v-th visit takes word j of the blocks from v · blocks_for(nodes) on, so the choice
/// is the same on every device, and whatever the batches.
struct Dropout {
  RandomSequence draws;  // of the layer
  float rate = 0.0F;     // the chance, at least 0 and below 1

  /// A unit is left out when its word is below this.
  [[nodiscard]] std::uint32_t threshold() const { return static_cast<std::uint32_t>(static_cast<double>(rate) * 0x1p32); }
  /// The factor of the others, which keeps the expected sum the same.
  [[nodiscard]] float kept_factor() const { return static_cast<float>(1.0 / (1.0 - static_cast<double>(rate))); }
};

}  // namespace gradus::internal
