#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "formulas/host_device.hpp"
#include "gradus/methods.hpp"

namespace gradus {
struct OptimizerOptions;
struct RegularizationOptions;
}  // namespace gradus

namespace gradus::internal {

/// What an optimizer uses beside its formula.
struct OptimizerTraits {
  std::size_t moments = 0;       ///< running values for each parameter
  double learning_rate = 0.001;  ///< the default; `sgd` has others, by task and loss
  bool has_momentum = false;     ///< μ
  bool has_beta1 = false;
  bool has_beta2 = false;
  bool has_epsilon = false;
};

[[nodiscard]] GRADUS_HOST_DEVICE constexpr OptimizerTraits traits_of(Optimizer optimizer) {
  switch (optimizer) {
    case Optimizer::sgd:
      return {.learning_rate = 0.1};
    case Optimizer::momentum:
    case Optimizer::nesterov:
      return {.moments = 1, .learning_rate = 0.02, .has_momentum = true};
    case Optimizer::rmsprop:
      return {.moments = 1, .has_beta2 = true, .has_epsilon = true};
    case Optimizer::adam:
    case Optimizer::adamw:
      return {.moments = 2, .has_beta1 = true, .has_beta2 = true, .has_epsilon = true};
    case Optimizer::lamb:
      return {.moments = 2, .learning_rate = 0.01, .has_beta1 = true, .has_beta2 = true, .has_epsilon = true};
  }
  return {};
}

/// An optimizer with its numbers, as a backend computes it.
struct OptimizerSettings {
  Optimizer kind = Optimizer::sgd;
  float momentum = 0.0F;
  float beta1 = 0.0F;
  float beta2 = 0.0F;
  float epsilon = 0.0F;
  float weight_decay = 0.0F;
  float l1 = 0.0F;
  float l2 = 0.0F;
  float clip_norm = 0.0F;  // 0: gradients are not clipped

  OptimizerSettings() = default;
  /// Both are resolved.
  OptimizerSettings(const OptimizerOptions& optimizer, const RegularizationOptions& regularization);

  /// Whether a step is p −= α g and nothing else: then it can be folded into the product that makes g.
  [[nodiscard]] bool is_plain_descent() const {
    return kind == Optimizer::sgd && weight_decay == 0.0F && l1 == 0.0F && l2 == 0.0F && clip_norm == 0.0F;
  }
  /// How many running values there are for each parameter.
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr std::size_t moments() const { return traits_of(kind).moments; }
};

/// The numbers of one step that are not settings of the optimizer.
struct StepNumbers {
  float rate = 0.0F;            // α
  float gradient_scale = 1.0F;  // by which gradients are clipped
  float correction1 = 1.0F;     // 1 / (1 − β₁ᵗ)
  float correction2 = 1.0F;     // 1 / (1 − β₂ᵗ)
};

/// The factor that scales the gradients down to a norm of at most `clip_norm` > 0. `squares`: the sum of their squares.
[[nodiscard]] GRADUS_HOST_DEVICE inline float clipping_factor(float clip_norm, double squares) {
  const double norm = std::sqrt(squares);
  const auto most = static_cast<double>(clip_norm);
  return norm > most ? static_cast<float>(most / norm) : 1.0F;
}

/// 1 / (1 − βᵗ): what a running mean that began at 0 is multiplied by after t steps.
[[nodiscard]] GRADUS_HOST_DEVICE inline float mean_correction(float beta, std::uint64_t t) {
  return static_cast<float>(-1.0 / std::expm1(static_cast<double>(t) * std::log(static_cast<double>(beta))));
}

/// The numbers of step t = 1, 2, …. `squares`: the sum of the gradients' squares, which counts where they are clipped.
[[nodiscard]] GRADUS_HOST_DEVICE inline StepNumbers numbers_of_step(const OptimizerSettings& settings, float rate,
                                                                    double squares, std::uint64_t t) {
  StepNumbers step;
  step.rate = rate;
  if (settings.clip_norm > 0.0F) step.gradient_scale = clipping_factor(settings.clip_norm, squares);
  if (settings.moments() > 1) {
    step.correction1 = mean_correction(settings.beta1, t);
    step.correction2 = mean_correction(settings.beta2, t);
  }
  return step;
}

/// The factor of the rate for a weight matrix in LAMB: ‖p‖/‖r‖ of the parameters and their direction, and 1 where one of
/// the two norms is 0. Both are given as sums of squares.
[[nodiscard]] GRADUS_HOST_DEVICE inline double trust_quotient(double parameters, double direction) {
  return parameters > 0.0 && direction > 0.0 ? std::sqrt(parameters) / std::sqrt(direction) : 1.0;
}

}  // namespace gradus::internal
