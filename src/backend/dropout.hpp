#pragma once

#include <cstddef>
#include <cstdint>

#include "backend/matrix_view.hpp"
#include "base/philox.hpp"

namespace gradus::internal {

/// Which nodes of a layer a sample does without (Srivastava et al. 2014): each with the same chance, drawn anew whenever the
/// sample is visited. Node j of the v-th visit takes word j of blocks v · ⌈nodes/4⌉ … of the sequence, so the choice is the
/// same on every device, and whatever the batches.
struct Dropout {
  RandomSequence draws;  // of the layer
  float rate = 0.0F;     // the chance, at least 0 and below 1

  /// A node is left out when its word is below this.
  [[nodiscard]] std::uint32_t threshold() const { return static_cast<std::uint32_t>(static_cast<double>(rate) * 0x1p32); }
  /// By which the others are multiplied, so that their expected sum stays.
  [[nodiscard]] float kept_factor() const { return static_cast<float>(1.0 / (1.0 - static_cast<double>(rate))); }
  [[nodiscard]] static constexpr std::uint64_t blocks_per_sample(std::size_t nodes) { return (nodes + 3) / 4; }
};

/// What the derivative of a layer's outputs is formed of: Y_l, or A_l where derivative_needs_input says so, and what Y_l was
/// multiplied by before the next layer took it, or null. Both (B, n_l).
struct DerivativeArgument {
  ConstMatrix at;
  const float* factors = nullptr;

  DerivativeArgument(ConstMatrix argument, const float* multiplied_by = nullptr) : at(argument), factors(multiplied_by) {}
  DerivativeArgument(Matrix argument) : at(argument) {}
};

}  // namespace gradus::internal
