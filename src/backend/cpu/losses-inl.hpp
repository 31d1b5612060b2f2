// The losses on vectors, compiled anew for each instruction set: what one output adds to the cost, and the derivative of
// that. CONTRIBUTING.md has the other places of a loss.
#if defined(GRADUS_LOSSES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GRADUS_LOSSES_INL
#undef GRADUS_LOSSES_INL
#else
#define GRADUS_LOSSES_INL
#endif

#include <hwy/highway.h>
// clang-format off: after highway.h
#include <hwy/contrib/math/math-inl.h>
// clang-format on

#include "backend/cpu/vector_loops-inl.hpp"
#include "backend/loss.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

/// ½ (y − t)². The half comes at the end, which is exact.
struct SquaredError {
  static constexpr bool kNeedsKept = false;
  static constexpr double kFactor = 0.5;
  static constexpr bool kIsTimesDerivative = true;
  HWY_INLINE FloatVector slope(FloatVector y, FloatVector t) const { return hn::Sub(y, t); }
  HWY_INLINE FloatVector plus_cost(FloatVector sum, FloatVector /*y*/, FloatVector /*kept*/, FloatVector /*t*/,
                                   FloatVector slope) const {
    return hn::MulAdd(slope, slope, sum);
  }
};

/// |y − t|; its derivative at 0 is 0.
struct AbsoluteError {
  static constexpr bool kNeedsKept = false;
  static constexpr double kFactor = 1.0;
  static constexpr bool kIsTimesDerivative = true;
  HWY_INLINE FloatVector slope(FloatVector y, FloatVector t) const {
    const Floats d;
    const auto error = hn::Sub(y, t);
    const auto sign = hn::CopySign(hn::Set(d, 1.0F), error);
    // What is 0 or NaN stays so.
    return hn::IfThenElse(hn::Gt(hn::Abs(error), hn::Zero(d)), sign, error);
  }
  HWY_INLINE FloatVector plus_cost(FloatVector sum, FloatVector y, FloatVector /*kept*/, FloatVector t,
                                   FloatVector /*slope*/) const {
    return hn::Add(sum, hn::Abs(hn::Sub(y, t)));
  }
};

/// ½ e² where e = |y − t| ≤ δ, else δ (e − ½ δ).
struct HuberError {
  static constexpr bool kNeedsKept = false;
  static constexpr double kFactor = 1.0;
  static constexpr bool kIsTimesDerivative = true;
  float delta;
  HWY_INLINE FloatVector slope(FloatVector y, FloatVector t) const {
    const Floats d;
    const auto error = hn::Sub(y, t);
    const auto most = hn::CopySign(hn::Set(d, delta), error);
    return hn::IfThenElse(hn::Gt(hn::Abs(error), hn::Set(d, delta)), most, error);
  }
  /// s (e − ½ s) with s the slope: both cases in one.
  HWY_INLINE FloatVector plus_cost(FloatVector sum, FloatVector y, FloatVector /*kept*/, FloatVector t,
                                   FloatVector slope) const {
    const auto rest = hn::NegMulAdd(hn::Set(Floats(), 0.5F), slope, hn::Sub(y, t));
    return hn::MulAdd(slope, rest, sum);
  }
};

/// −t′ ln y of softmax outputs, where t′ is the smoothed target and ln y was kept. With the derivative of softmax, Δ is y −
/// t′.
struct CrossEntropy {
  static constexpr bool kNeedsKept = true;
  static constexpr double kFactor = 1.0;
  static constexpr bool kIsTimesDerivative = false;
  float scale;  // 1 − s
  float shift;  // s / K
  HWY_INLINE FloatVector smoothed(FloatVector t) const {
    const Floats d;
    return hn::MulAdd(hn::Set(d, scale), t, hn::Set(d, shift));
  }
  HWY_INLINE FloatVector slope(FloatVector y, FloatVector t) const { return hn::Sub(y, smoothed(t)); }
  HWY_INLINE FloatVector plus_cost(FloatVector sum, FloatVector /*y*/, FloatVector kept, FloatVector t,
                                   FloatVector /*slope*/) const {
    return hn::NegMulAdd(smoothed(t), kept, sum);
  }
};

/// −t ln σ(a) − (1 − t) ln(1 − σ(a)) = max(a, 0) − a t + ln(1 + e^{-|a|}), which no large a makes infinite; a was kept.
/// With the derivative of the sigmoid, Δ is y − t.
struct BinaryCrossEntropy {
  static constexpr bool kNeedsKept = true;
  static constexpr double kFactor = 1.0;
  static constexpr bool kIsTimesDerivative = false;
  HWY_INLINE FloatVector slope(FloatVector y, FloatVector t) const { return hn::Sub(y, t); }
  HWY_INLINE FloatVector plus_cost(FloatVector sum, FloatVector /*y*/, FloatVector kept, FloatVector t,
                                   FloatVector /*slope*/) const {
    const Floats d;
    const auto zero = hn::Zero(d);
    // Highway's exp is 0 at −104, as it should be; smaller arguments are not passed to it.
    const auto small = hn::Exp(d, hn::Max(hn::Set(d, -100.0F), hn::Neg(hn::Abs(kept))));
    const auto positive = hn::IfThenElse(hn::Lt(kept, zero), zero, kept);  // NaN stays
    return hn::Add(sum, hn::Add(hn::NegMulAdd(kept, t, positive), hn::Log1p(d, small)));
  }
};

/// Calls `function` with the loss, so that the choice is made once per call and not per element. `outputs`: of the network.
template <typename Function>
HWY_INLINE void with_loss(const LossFunction& loss, std::size_t outputs, Function function) {
  const LossTerms terms = loss.terms(outputs);
  switch (terms.kind) {
    case Loss::mse:
      return function(SquaredError());
    case Loss::cross_entropy:
      return function(CrossEntropy{terms.scale, terms.shift});
    case Loss::binary_cross_entropy:
      return function(BinaryCrossEntropy());
    case Loss::huber:
      return function(HuberError{terms.delta});
    case Loss::mae:
      return function(AbsoluteError());
  }
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
