#pragma once

#include <array>
#include <cstddef>

namespace gradus::internal {

/// Quantiles of a distribution on [0, 1] that is symmetric about ½: number k is that of k / 512, for k up to 256, which is
/// ½. A value is drawn by linear interpolation between them: any device can, with one random word.
struct SymmetricQuantiles {
  static constexpr std::size_t kIntervals = 256;
  std::array<float, kIntervals + 1> at{};
};

/// Those of Beta(α, α), for α > 0.
[[nodiscard]] SymmetricQuantiles beta_quantiles(double alpha);

}  // namespace gradus::internal
