#pragma once

// The optimizers, one struct each: the direction that parameters take, whose length the rate decides. Formulas as on the
// CPU; docs/methods.md names their sources.

#include "device.cuh"
#include "formulas/optimizer.hpp"

namespace gradus::kernels {

using internal::OptimizerSettings;
using internal::StepNumbers;

/// A running mean: β m + (1 − β) x.
__device__ inline float running_mean(float beta, float m, float x) {
  return fmaf(beta, m, (1.0F - beta) * x);
}

struct PlainDescent {
  static constexpr unsigned kMoments = 0;
  static __device__ float direction(const OptimizerSettings&, const StepNumbers&, float g, float&, float&) { return g; }
};

/// v = μ v + g.
struct Momentum {
  static constexpr unsigned kMoments = 1;
  static __device__ float direction(const OptimizerSettings& settings, const StepNumbers&, float g, float& v, float&) {
    v = fmaf(settings.momentum, v, g);
    return v;
  }
};

/// g + μ v, with the new v.
struct Nesterov {
  static constexpr unsigned kMoments = 1;
  static __device__ float direction(const OptimizerSettings& settings, const StepNumbers&, float g, float& v, float&) {
    v = fmaf(settings.momentum, v, g);
    return fmaf(settings.momentum, v, g);
  }
};

/// g / (√s + ε), s being the running mean of g².
struct RmsProp {
  static constexpr unsigned kMoments = 1;
  static __device__ float direction(const OptimizerSettings& settings, const StepNumbers&, float g, float& s, float&) {
    s = running_mean(settings.beta2, s, g * g);
    return g / (sqrtf(s) + settings.epsilon);
  }
};

/// m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
struct Adam {
  static constexpr unsigned kMoments = 2;
  static __device__ float direction(const OptimizerSettings& settings, const StepNumbers& step, float g, float& m,
                                    float& v) {
    m = running_mean(settings.beta1, m, g);
    v = running_mean(settings.beta2, v, g * g);
    return step.correction1 * m / (sqrtf(step.correction2 * v) + settings.epsilon);
  }
};

/// Calls `function` with the optimizer's struct.
template <class Function>
void with_optimizer(Optimizer optimizer, Function function) {
  switch (optimizer) {
    case Optimizer::sgd:
      return function(PlainDescent());
    case Optimizer::momentum:
      return function(Momentum());
    case Optimizer::nesterov:
      return function(Nesterov());
    case Optimizer::rmsprop:
      return function(RmsProp());
    case Optimizer::adam:
    case Optimizer::adamw:
    case Optimizer::lamb:
      return function(Adam());
  }
}

}  // namespace gradus::kernels
