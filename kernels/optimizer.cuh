#pragma once

// The optimizers, one struct each: the direction that parameters take, whose length the rate decides. Formulas as on the
// CPU; docs/methods.md names their sources.

#include "device.cuh"
#include "launchers.hpp"

namespace gradus::kernels {

/// What there is to know of this step beside the optimizer's numbers.
struct StepNumbers {
  float rate = 0.0F;
  float gradient_scale = 1.0F;  // by which gradients are clipped
  float correction1 = 1.0F;     // 1 / (1 − β₁ᵗ)
  float correction2 = 1.0F;     // 1 / (1 − β₂ᵗ)
};

/// A running mean: β m + (1 − β) x.
__device__ inline float running_mean(float beta, float m, float x) {
  return fmaf(beta, m, (1.0F - beta) * x);
}

struct PlainDescent {
  static constexpr unsigned kMoments = 0;
  static __device__ float direction(const OptimizerNumbers&, const StepNumbers&, float g, float&, float&) { return g; }
};

/// v = μ v + g.
struct Momentum {
  static constexpr unsigned kMoments = 1;
  static __device__ float direction(const OptimizerNumbers& numbers, const StepNumbers&, float g, float& v, float&) {
    v = fmaf(numbers.momentum, v, g);
    return v;
  }
};

/// g + μ v, with the new v.
struct Nesterov {
  static constexpr unsigned kMoments = 1;
  static __device__ float direction(const OptimizerNumbers& numbers, const StepNumbers&, float g, float& v, float&) {
    v = fmaf(numbers.momentum, v, g);
    return fmaf(numbers.momentum, v, g);
  }
};

/// g / (√s + ε), s being the running mean of g².
struct RmsProp {
  static constexpr unsigned kMoments = 1;
  static __device__ float direction(const OptimizerNumbers& numbers, const StepNumbers&, float g, float& s, float&) {
    s = running_mean(numbers.beta2, s, g * g);
    return g / (sqrtf(s) + numbers.epsilon);
  }
};

/// m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
struct Adam {
  static constexpr unsigned kMoments = 2;
  static __device__ float direction(const OptimizerNumbers& numbers, const StepNumbers& step, float g, float& m, float& v) {
    m = running_mean(numbers.beta1, m, g);
    v = running_mean(numbers.beta2, v, g * g);
    return step.correction1 * m / (sqrtf(step.correction2 * v) + numbers.epsilon);
  }
};

/// Calls `function` with the optimizer's struct.
template <class Function>
void with_optimizer(OptimizerKind optimizer, Function function) {
  switch (optimizer) {
    case OptimizerKind::descent:
      return function(PlainDescent());
    case OptimizerKind::momentum:
      return function(Momentum());
    case OptimizerKind::nesterov:
      return function(Nesterov());
    case OptimizerKind::rmsprop:
      return function(RmsProp());
    case OptimizerKind::adam:
      return function(Adam());
  }
}

}  // namespace gradus::kernels
