#pragma once

// The activations and their derivatives, one struct each. Both are exact to about 2 units in the last place: training must
// not depend on the device. NaN comes out as NaN, so that a run that diverges is seen; but for the error of a ReLU that is
// off, which is 0 whatever comes in.

#include "device.cuh"
#include "launchers.hpp"

namespace gradus::kernels {

struct Identity {
  static __device__ float value(float a) { return a; }
  static __device__ float times_derivative(float error, float /*y*/) { return error; }
};

/// σ(a) = 1 / (1 + e^{-a}); σ′ = y (1 − y).
struct Sigmoid {
  // Where e^{-a} is infinite (a < -88.7) this is 0 as it should be: the exact value is no normal float any more.
  static __device__ float value(float a) { return 1.0F / (1.0F + expf(-a)); }
  static __device__ float times_derivative(float error, float y) { return error * fmaf(-y, y, y); }
};

/// tanh′ = 1 − y².
struct Tanh {
  static __device__ float value(float a) { return tanhf(a); }
  static __device__ float times_derivative(float error, float y) { return error * fmaf(-y, y, 1.0F); }
};

/// max(0, a), with derivative 0 at 0. Not fmaxf, which prefers a number to NaN.
struct Relu {
  static __device__ float value(float a) { return a < 0.0F ? 0.0F : a; }
  static __device__ float times_derivative(float error, float y) {
    if (y <= 0.0F) return 0.0F;
    return y > 0.0F ? error : y;
  }
};

/// Calls `function` with the activation's struct, so that the choice is made once per launch and not per element.
template <class Function>
void with_activation(ActivationKind activation, Function function) {
  switch (activation) {
    case ActivationKind::identity:
      return function(Identity());
    case ActivationKind::sigmoid:
      return function(Sigmoid());
    case ActivationKind::tanh:
      return function(Tanh());
    case ActivationKind::relu:
      return function(Relu());
  }
}

}  // namespace gradus::kernels
