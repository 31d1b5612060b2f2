#pragma once

#include "formulas/philox.hpp"

namespace gradus::internal {

/// Noise on inputs: deviation · N(0, 1) is added to each, drawn anew whenever a sample is visited. Input j of the v-th visit
/// takes value j mod 4 of block v · blocks_for(inputs) + ⌊j/4⌋; two words u, w in [0, 1) make two values, √(−2 ln(u + 2⁻²⁴))
/// · (cos 2πw, sin 2πw) (Box and Muller 1958).
struct InputNoise {
  /// Added to u, whose logarithm is finite then.
  static constexpr float kLeast = 0x1p-24F;

  RandomSequence draws;
  float deviation = 0.0F;
};

}  // namespace gradus::internal
