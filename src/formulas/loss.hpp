#pragma once

#include "gradus/methods.hpp"

namespace gradus::internal {

/// A loss with the numbers of its formula. With `cross_entropy` a target t counts as scale · t + shift; `huber` is linear
/// beyond `delta`.
struct LossTerms {
  Loss kind = Loss::mse;
  float scale = 1.0F;
  float shift = 0.0F;
  float delta = 1.0F;
};

/// Whether an activation's derivative is not a function of its output: then its inputs A are kept beside its outputs.
[[nodiscard]] constexpr bool derivative_needs_input(Activation activation) {
  return activation == Activation::gelu || activation == Activation::silu;
}

/// Whether a loss is formed of more than the outputs: of their logarithms (softmax) or of A (sigmoid), which no rounding of
/// an output near 0 or 1 has touched.
[[nodiscard]] constexpr bool needs_kept(Loss loss) {
  return loss == Loss::cross_entropy || loss == Loss::binary_cross_entropy;
}

}  // namespace gradus::internal
