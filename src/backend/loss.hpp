#pragma once

#include <cstddef>

#include "formulas/loss.hpp"
#include "gradus/network_spec.hpp"

namespace gradus::internal {

/// A loss with its options, as a backend gets it.
struct LossFunction {
  Loss kind = Loss::mse;
  float label_smoothing = 0.0F;
  float huber_delta = 1.0F;

  LossFunction(Loss loss) : kind(loss) {}
  explicit LossFunction(const NetworkSpec& network)
      : kind(network.loss),
        label_smoothing(static_cast<float>(network.label_smoothing)),
        huber_delta(static_cast<float>(network.huber_delta)) {}

  /// The constants of its formula, for a network with this many outputs.
  [[nodiscard]] LossTerms terms(std::size_t outputs) const {
    return {.kind = kind,
            .scale = 1.0F - label_smoothing,
            .shift = label_smoothing / static_cast<float>(outputs),
            .delta = huber_delta};
  }
};

}  // namespace gradus::internal
