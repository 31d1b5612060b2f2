// The activations and their derivatives on vectors, compiled anew for each instruction set.
#if defined(GRADUS_ACTIVATIONS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GRADUS_ACTIVATIONS_INL
#undef GRADUS_ACTIVATIONS_INL
#else
#define GRADUS_ACTIVATIONS_INL
#endif

#include <hwy/highway.h>
// clang-format off: after highway.h
#include <hwy/contrib/math/math-inl.h>
// clang-format on

#include "backend/cpu/vector_loops-inl.hpp"
#include "gradus/network_spec.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

/// `value` where `x` is a number, else `x`: Highway's exp and tanh make numbers of NaN, and a diverging network must show.
HWY_INLINE FloatVector keep_nan(FloatVector x, FloatVector value) {
  return hn::IfThenElse(hn::Not(hn::Eq(x, x)), x, value);
}

struct Identity {
  static HWY_INLINE FloatVector value(FloatVector x) { return x; }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector /*y*/) { return error; }
};

/// σ(x) = 1 / (1 + e^{-x}); σ′ = y (1 − y).
struct Sigmoid {
  static HWY_INLINE FloatVector value(FloatVector x) {
    const Floats d;
    const auto one = hn::Set(d, 1.0F);
    // Highway's exp is exact to 1 ulp up to e^104, far beyond where the sum is infinite for a float.
    const auto negated = hn::Min(hn::Set(d, 100.0F), hn::Neg(x));
    return keep_nan(x, hn::Div(one, hn::Add(one, hn::Exp(d, negated))));
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector y) {
    return hn::Mul(error, hn::NegMulAdd(y, y, y));
  }
};

/// tanh′ = 1 − y².
struct Tanh {
  static HWY_INLINE FloatVector value(FloatVector x) {
    const Floats d;
    return keep_nan(x, hn::Tanh(d, x));
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector y) {
    return hn::Mul(error, hn::NegMulAdd(y, y, hn::Set(Floats(), 1.0F)));
  }
};

/// max(0, x), with derivative 0 at 0.
struct Relu {
  static HWY_INLINE FloatVector value(FloatVector x) {
    const auto zero = hn::Zero(Floats());
    return hn::IfThenElse(hn::Lt(x, zero), zero, x);
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector y) {
    const auto zero = hn::Zero(Floats());
    // Not "y > 0 or nothing": a NaN output must give a NaN error.
    return hn::IfThenElse(hn::Le(y, zero), zero, hn::IfThenElse(hn::Not(hn::Eq(y, y)), y, error));
  }
};

/// Calls `function` with the activation's type, so that the choice is made once per call and not per element.
template <typename Function>
HWY_INLINE void with_activation(Activation activation, Function function) {
  switch (activation) {
    case Activation::identity:
      return function(Identity());
    case Activation::sigmoid:
      return function(Sigmoid());
    case Activation::tanh:
      return function(Tanh());
    case Activation::relu:
      return function(Relu());
  }
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
