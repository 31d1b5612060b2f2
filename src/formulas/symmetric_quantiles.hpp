#pragma once

#include <cstdint>

#include "formulas/host_device.hpp"
#include "formulas/philox.hpp"

namespace gradus::internal {

/// Quantiles of a distribution on [0, 1] that is symmetric about ½: number k is that of k / 512, for k up to 256, which is
/// ½. A value is drawn by linear interpolation between them: any device can, with one random word.
struct SymmetricQuantiles {
  static constexpr std::uint32_t kIntervals = 256;
  float at[kIntervals + 1] = {};

  /// The value that a random word draws.
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr float value(std::uint32_t word) const {
    const float u = to_unit(word);
    const float place = (1.0F - u < u ? 1.0F - u : u) * (2.0F * static_cast<float>(kIntervals));
    const auto below = static_cast<std::uint32_t>(place);
    const std::uint32_t k = below < kIntervals - 1 ? below : kIntervals - 1;
    const float value = at[k] + (place - static_cast<float>(k)) * (at[k + 1] - at[k]);
    return u > 0.5F ? 1.0F - value : value;
  }
};

}  // namespace gradus::internal
