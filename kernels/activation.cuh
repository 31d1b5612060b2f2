#pragma once

// The activations and their derivatives, one struct each. Both are exact to about 2 units in the last place: training must
// not depend on the device. NaN comes out as NaN, so that a run that diverges is seen; but for the error of a ReLU that is
// off, which is 0 whatever comes in.

#include "device.cuh"
#include "gradus/methods.hpp"

namespace gradus::kernels {

// `argument` of a derivative is the output y, or the input a where kNeedsInput says so.

struct Identity {
  static constexpr bool kNeedsInput = false;
  static __device__ float value(float a) { return a; }
  static __device__ float times_derivative(float error, float /*argument*/) { return error; }
};

/// 1 / (1 + e^{-a}). Where e^{-a} is infinite (a < -88.7) this is 0 as it should be: the exact value is not a normal float
/// any more.
__device__ inline float logistic(float a) {
  return 1.0F / (1.0F + expf(-a));
}

/// σ(a) = 1 / (1 + e^{-a}); σ′ = y (1 − y).
struct Sigmoid {
  static constexpr bool kNeedsInput = false;
  static __device__ float value(float a) { return logistic(a); }
  static __device__ float times_derivative(float error, float y) { return error * fmaf(-y, y, y); }
};

/// tanh′ = 1 − y².
struct Tanh {
  static constexpr bool kNeedsInput = false;
  static __device__ float value(float a) { return tanhf(a); }
  static __device__ float times_derivative(float error, float y) { return error * fmaf(-y, y, 1.0F); }
};

/// s tanh(2a/3) with s = 1.7159; its derivative is ⅔ (s − y²/s).
struct ScaledTanh {
  static constexpr bool kNeedsInput = false;
  static constexpr float kScale = 1.7159F;
  static constexpr float kSlope = 2.0F / 3.0F;
  static __device__ float value(float a) { return kScale * tanhf(kSlope * a); }
  static __device__ float times_derivative(float error, float y) {
    return error * fmaf(-kSlope / kScale, y * y, kSlope * kScale);
  }
};

/// max(0, a), with derivative 0 at 0. Not fmaxf, which prefers a number to NaN.
struct Relu {
  static constexpr bool kNeedsInput = false;
  static __device__ float value(float a) { return a < 0.0F ? 0.0F : a; }
  static __device__ float times_derivative(float error, float y) {
    if (y <= 0.0F) return 0.0F;
    return y > 0.0F ? error : y;
  }
};

/// a, or 0.01 a below 0, with derivative 0.01 at 0.
struct LeakyRelu {
  static constexpr bool kNeedsInput = false;
  static __device__ float value(float a) { return a < 0.0F ? 0.01F * a : a; }
  static __device__ float times_derivative(float error, float y) {
    if (y <= 0.0F) return 0.01F * error;
    return y > 0.0F ? error : y;
  }
};

/// a, or e^a − 1 below 0, whose derivative e^a is y + 1 (Clevert et al. 2016).
struct Elu {
  static constexpr bool kNeedsInput = false;
  static __device__ float value(float a) { return a < 0.0F ? expm1f(a) : a; }
  static __device__ float times_derivative(float error, float y) {
    if (y <= 0.0F) return fmaf(error, y, error);
    return y > 0.0F ? error : y;
  }
};

/// Beyond this Φ is 0 or 1 to the last bit.
inline constexpr float kFarOut = 15.0F;

/// a Φ(a); its derivative is Φ(a) + a φ(a), φ being the density of N(0, 1) (Hendrycks and Gimpel 2016).
struct Gelu {
  static constexpr bool kNeedsInput = true;
  static __device__ float distribution(float a) { return 0.5F * erfcf(-0.70710678F * a); }
  static __device__ float value(float a) { return a < -kFarOut ? 0.0F : a * distribution(a); }
  static __device__ float times_derivative(float error, float a) {
    if (a < -kFarOut) return 0.0F * error;
    if (a > kFarOut) return error;
    const float density = 0.39894228F * expf(-0.5F * a * a);
    return error * fmaf(a, density, distribution(a));
  }
};

/// a σ(a); its derivative is σ(a) (1 + a (1 − σ(a))) (Elfwing et al. 2018).
struct Silu {
  static constexpr bool kNeedsInput = true;
  static constexpr float kFar = 88.0F;  // beyond it σ is 0 or 1
  static __device__ float value(float a) { return a < -kFar ? 0.0F : a * logistic(a); }
  static __device__ float times_derivative(float error, float a) {
    if (a < -kFar) return 0.0F * error;
    if (a > kFar) return error;
    const float s = logistic(a);
    return error * (s * fmaf(a, 1.0F - s, 1.0F));
  }
};

/// ln(1 + e^a) = max(a, 0) + ln(1 + e^{-|a|}); its derivative σ(a) is 1 − e^{-y}.
struct Softplus {
  static constexpr bool kNeedsInput = false;
  static __device__ float value(float a) { return (a < 0.0F ? 0.0F : a) + log1pf(expf(-fabsf(a))); }
  static __device__ float times_derivative(float error, float y) { return error * -expm1f(-y); }
};

/// Calls `function` with the activation's struct, so that the choice is made once per launch and not per element.
template <class Function>
void with_activation(Activation activation, Function function) {
  switch (activation) {
    case Activation::identity:
    case Activation::softmax:  // has kernels of its own, and its derivative is part of its loss
      return function(Identity());
    case Activation::sigmoid:
      return function(Sigmoid());
    case Activation::tanh:
      return function(Tanh());
    case Activation::relu:
      return function(Relu());
    case Activation::scaled_tanh:
      return function(ScaledTanh());
    case Activation::leaky_relu:
      return function(LeakyRelu());
    case Activation::elu:
      return function(Elu());
    case Activation::gelu:
      return function(Gelu());
    case Activation::silu:
      return function(Silu());
    case Activation::softplus:
      return function(Softplus());
  }
}

}  // namespace gradus::kernels
