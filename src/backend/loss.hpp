#pragma once

#include "gradus/network_spec.hpp"

namespace gradus::internal {

/// A loss with its numbers, as a backend computes it.
struct LossFunction {
  Loss kind = Loss::mse;
  float label_smoothing = 0.0F;
  float huber_delta = 1.0F;

  LossFunction(Loss loss) : kind(loss) {}
  explicit LossFunction(const NetworkSpec& network)
      : kind(network.loss),
        label_smoothing(static_cast<float>(network.label_smoothing)),
        huber_delta(static_cast<float>(network.huber_delta)) {}
};

/// Whether an activation's derivative is no function of its output: then its inputs A are kept beside its outputs.
[[nodiscard]] constexpr bool derivative_needs_input(Activation activation) {
  return activation == Activation::gelu || activation == Activation::silu;
}

/// Whether a loss is formed of more than the outputs: of their logarithms (softmax) or of A (sigmoid), which no rounding of
/// an output near 0 or 1 has touched.
[[nodiscard]] constexpr bool needs_kept(Loss loss) {
  return loss == Loss::cross_entropy || loss == Loss::binary_cross_entropy;
}

}  // namespace gradus::internal
