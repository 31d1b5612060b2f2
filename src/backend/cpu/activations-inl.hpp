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

/// `value` where `x` is a number, else `x`: Highway's exp and tanh turn NaN into numbers, and a diverging network must show
/// it.
HWY_INLINE FloatVector keep_nan(FloatVector x, FloatVector value) {
  return hn::IfThenElse(hn::Not(hn::Eq(x, x)), x, value);
}

// `argument` of a derivative is the output y, or the input a where kNeedsInput says so.

struct Identity {
  static constexpr bool kNeedsInput = false;
  static HWY_INLINE FloatVector value(FloatVector x) { return x; }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector /*argument*/) { return error; }
};

/// 1 / (1 + e^{-x}).
HWY_INLINE FloatVector logistic(FloatVector x) {
  const Floats d;
  const auto one = hn::Set(d, 1.0F);
  // Highway's exp is exact to 1 ulp up to e^104, far beyond where the sum is infinite for a float.
  const auto negated = hn::Min(hn::Set(d, 100.0F), hn::Neg(x));
  return keep_nan(x, hn::Div(one, hn::Add(one, hn::Exp(d, negated))));
}

/// σ(x) = 1 / (1 + e^{-x}); σ′ = y (1 − y).
struct Sigmoid {
  static constexpr bool kNeedsInput = false;
  static HWY_INLINE FloatVector value(FloatVector x) { return logistic(x); }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector y) {
    return hn::Mul(error, hn::NegMulAdd(y, y, y));
  }
};

/// tanh′ = 1 − y².
struct Tanh {
  static constexpr bool kNeedsInput = false;
  static HWY_INLINE FloatVector value(FloatVector x) {
    const Floats d;
    return keep_nan(x, hn::Tanh(d, x));
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector y) {
    return hn::Mul(error, hn::NegMulAdd(y, y, hn::Set(Floats(), 1.0F)));
  }
};

/// s tanh(2x/3) with s = 1.7159; its derivative is ⅔ (s − y²/s).
struct ScaledTanh {
  static constexpr bool kNeedsInput = false;
  static HWY_INLINE FloatVector value(FloatVector x) {
    const Floats d;
    const auto inner = hn::Mul(hn::Set(d, 2.0F / 3.0F), x);
    return hn::Mul(hn::Set(d, 1.7159F), keep_nan(x, hn::Tanh(d, inner)));
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector y) {
    const Floats d;
    const auto squared = hn::Mul(y, y);
    return hn::Mul(error, hn::NegMulAdd(hn::Set(d, 2.0F / 3.0F / 1.7159F), squared, hn::Set(d, 2.0F / 3.0F * 1.7159F)));
  }
};

/// max(0, x), with derivative 0 at 0.
struct Relu {
  static constexpr bool kNeedsInput = false;
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

/// `error` where y > 0, else `below`; NaN where y is NaN.
HWY_INLINE FloatVector where_positive(FloatVector y, FloatVector error, FloatVector below) {
  return keep_nan(y, hn::IfThenElse(hn::Gt(y, hn::Zero(Floats())), error, below));
}

/// x, or 0.01 x below 0, with derivative 0.01 at 0.
struct LeakyRelu {
  static constexpr bool kNeedsInput = false;
  static HWY_INLINE FloatVector value(FloatVector x) {
    const Floats d;
    return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Mul(hn::Set(d, 0.01F), x), x);
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector y) {
    return where_positive(y, error, hn::Mul(hn::Set(Floats(), 0.01F), error));
  }
};

/// x, or e^x − 1 below 0, whose derivative e^x is y + 1 (Clevert et al. 2016).
struct Elu {
  static constexpr bool kNeedsInput = false;
  static HWY_INLINE FloatVector value(FloatVector x) {
    const Floats d;
    const auto zero = hn::Zero(d);
    const auto below = hn::Expm1(d, hn::Max(hn::Set(d, -100.0F), hn::Min(zero, x)));
    return keep_nan(x, hn::IfThenElse(hn::Lt(x, zero), below, x));
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector y) {
    return where_positive(y, error, hn::MulAdd(error, y, error));
  }
};

/// Φ(x) = ½ erfc(−x/√2), to about 1.2e-7 of its value: the rational Chebyshev fit of erfc in Press et al., Numerical
/// Recipes, 2nd edition, section 6.2.
HWY_INLINE FloatVector normal_distribution(FloatVector x) {
  const Floats d;
  const auto one = hn::Set(d, 1.0F);
  const auto half = hn::Set(d, 0.5F);
  const auto z = hn::Mul(hn::Set(d, 0.70710678F), hn::Abs(x));
  const auto t = hn::Div(one, hn::MulAdd(half, z, one));
  auto sum = hn::Set(d, 0.17087277F);
  sum = hn::MulAdd(sum, t, hn::Set(d, -0.82215223F));
  sum = hn::MulAdd(sum, t, hn::Set(d, 1.48851587F));
  sum = hn::MulAdd(sum, t, hn::Set(d, -1.13520398F));
  sum = hn::MulAdd(sum, t, hn::Set(d, 0.27886807F));
  sum = hn::MulAdd(sum, t, hn::Set(d, -0.18628806F));
  sum = hn::MulAdd(sum, t, hn::Set(d, 0.09678418F));
  sum = hn::MulAdd(sum, t, hn::Set(d, 0.37409196F));
  sum = hn::MulAdd(sum, t, hn::Set(d, 1.00002368F));
  sum = hn::MulAdd(sum, t, hn::Set(d, -1.26551223F));
  const auto exponent = hn::Max(hn::Set(d, -100.0F), hn::NegMulAdd(z, z, sum));
  const auto upper = hn::Mul(half, hn::Mul(t, hn::Exp(d, exponent)));  // beyond |x|
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), upper, hn::Sub(one, upper));
}

/// x Φ(x); its derivative is Φ(x) + x φ(x), φ being the density of N(0, 1) (Hendrycks and Gimpel 2016).
struct Gelu {
  static constexpr bool kNeedsInput = true;
  static HWY_INLINE FloatVector value(FloatVector x) {
    const Floats d;
    const auto product = hn::Mul(x, normal_distribution(x));
    // Far below 0 the factor is 0 before x is infinite; their product would be NaN.
    const auto far = hn::Lt(x, hn::Set(d, -15.0F));
    return keep_nan(x, hn::IfThenElse(far, hn::Zero(d), product));
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector a) {
    const Floats d;
    const auto near = hn::Min(hn::Set(d, 15.0F), hn::Max(hn::Set(d, -15.0F), a));
    const auto density = hn::Mul(hn::Set(d, 0.39894228F), hn::Exp(d, hn::Mul(hn::Set(d, -0.5F), hn::Mul(near, near))));
    return hn::Mul(error, keep_nan(a, hn::MulAdd(near, density, normal_distribution(near))));
  }
};

/// x σ(x); its derivative is σ(x) (1 + x (1 − σ(x))) (Elfwing et al. 2018).
struct Silu {
  static constexpr bool kNeedsInput = true;
  static HWY_INLINE FloatVector value(FloatVector x) {
    const Floats d;
    const auto far = hn::Lt(x, hn::Set(d, -100.0F));
    return hn::IfThenElse(far, hn::Zero(d), hn::Mul(x, logistic(x)));
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector a) {
    const Floats d;
    const auto one = hn::Set(d, 1.0F);
    const auto near = hn::Min(hn::Set(d, 100.0F), hn::Max(hn::Set(d, -100.0F), a));
    const auto s = logistic(near);
    return hn::Mul(error, keep_nan(a, hn::Mul(s, hn::MulAdd(near, hn::Sub(one, s), one))));
  }
};

/// ln(1 + e^x) = max(x, 0) + ln(1 + e^{-|x|}); its derivative σ(x) is 1 − e^{-y}.
struct Softplus {
  static constexpr bool kNeedsInput = false;
  static HWY_INLINE FloatVector value(FloatVector x) {
    const Floats d;
    const auto small = hn::Exp(d, hn::Max(hn::Set(d, -100.0F), hn::Neg(hn::Abs(x))));
    return keep_nan(x, hn::Add(hn::Max(x, hn::Zero(d)), hn::Log1p(d, small)));
  }
  static HWY_INLINE FloatVector times_derivative(FloatVector error, FloatVector y) {
    const Floats d;
    const auto negated = hn::Max(hn::Set(d, -100.0F), hn::Neg(y));
    return hn::Mul(error, keep_nan(y, hn::Neg(hn::Expm1(d, negated))));
  }
};

/// Calls `function` with the activation's type, so that the choice is made once per call and not per element. Softmax is not
/// a function of one unit: it is in activation_kernels.cpp, and its derivative is part of its loss.
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
    case Activation::softmax:
      return;
  }
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
