#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "backend/visits.hpp"
#include "base/beta_quantiles.hpp"
#include "base/philox.hpp"

// What training does to its samples, anew whenever one is visited. What is drawn for the v-th visit is a function of v, so
// it is the same on every device and for any number of threads, but for partners where a device takes a batch in parts.
namespace gradus::internal {

/// Noise on inputs: deviation · N(0, 1) is added to each. Input j of the v-th visit takes value j mod 4 of block
/// v · ⌈inputs/4⌉ + ⌊j/4⌋; two words u, w in [0, 1) make two values, √(−2 ln(u + 2⁻²⁴)) · (cos 2πw, sin 2πw) (Box and Muller
/// 1958).
struct InputNoise {
  RandomSequence draws;
  float deviation = 0.0F;
};

/// Mixtures of two samples (Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018): λ of one and 1 − λ of
/// another of those that are computed at once, inputs, targets and weights. λ is drawn for each sample: by word v mod 4 of
/// block ⌊v/4⌋.
struct Mixup {
  RandomSequence draws;     // of λ
  RandomSequence partners;  // block v, of the first visit of those at once: by how many samples a partner is further on
  SymmetricQuantiles quantiles;

  /// λ, of a random word.
  [[nodiscard]] float part(std::uint32_t word) const {
    const float u = static_cast<float>(word >> 8) * 0x1p-24F;
    const float place = std::min(u, 1.0F - u) * (2.0F * static_cast<float>(SymmetricQuantiles::kIntervals));
    const std::size_t k = std::min(static_cast<std::size_t>(place), SymmetricQuantiles::kIntervals - 1);
    const float part = quantiles.at[k] + (place - static_cast<float>(k)) * (quantiles.at[k + 1] - quantiles.at[k]);
    return u > 0.5F ? 1.0F - part : part;
  }
  /// The distance to the partner: 1 … count − 1, or 0 of a sample that is alone.
  [[nodiscard]] static std::size_t distance(std::uint32_t word, std::size_t count) {
    return count < 2 ? 0 : 1 + static_cast<std::size_t>(std::uint64_t{word} * (count - 1) >> 32);
  }
};

}  // namespace gradus::internal
