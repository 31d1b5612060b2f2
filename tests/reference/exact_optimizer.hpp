#pragma once

#include <cmath>

#include "formulas/optimizer.hpp"

namespace gradus::reference {

/// The formulas of docs/methods.md in double, for one parameter.
struct ExactOptimizer {
  internal::OptimizerSettings settings;
  double first = 0.0;
  double second = 0.0;
  int steps = 0;

  /// The direction of the next step along the gradient `g`, which is clipped and contains the slopes of penalties.
  double direction(double g) {
    ++steps;
    const auto momentum = static_cast<double>(settings.momentum);
    const auto beta1 = static_cast<double>(settings.beta1);
    const auto beta2 = static_cast<double>(settings.beta2);
    const auto epsilon = static_cast<double>(settings.epsilon);
    switch (settings.kind) {
      case Optimizer::sgd:
        return g;
      case Optimizer::momentum:
        return first = momentum * first + g;
      case Optimizer::nesterov:
        first = momentum * first + g;
        return g + momentum * first;
      case Optimizer::rmsprop:
        first = beta2 * first + (1.0 - beta2) * g * g;
        return g / (std::sqrt(first) + epsilon);
      case Optimizer::adam:
      case Optimizer::adamw:
      case Optimizer::lamb:
        first = beta1 * first + (1.0 - beta1) * g;
        second = beta2 * second + (1.0 - beta2) * g * g;
        return first / (1.0 - std::pow(beta1, steps)) / (std::sqrt(second / (1.0 - std::pow(beta2, steps))) + epsilon);
    }
    return 0.0;
  }
};

}  // namespace gradus::reference
