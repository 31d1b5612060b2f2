// The optimizers on vectors, compiled anew for each instruction set. Each gives the direction that parameters take, whose
// length the rate decides. CONTRIBUTING.md has the other places of an optimizer.
#if defined(GRADUS_OPTIMIZERS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GRADUS_OPTIMIZERS_INL
#undef GRADUS_OPTIMIZERS_INL
#else
#define GRADUS_OPTIMIZERS_INL
#endif

#include <hwy/highway.h>

#include "backend/cpu/optimizer_kernels.hpp"
#include "backend/cpu/vector_loops-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

struct PlainDescent {
  static constexpr std::size_t kMoments = 0;
  HWY_INLINE FloatVector direction(const OptimizerPass& /*pass*/, FloatVector g, FloatVector& /*first*/,
                                   FloatVector& /*second*/) const {
    return g;
  }
};

/// v = μ v + g.
struct Momentum {
  static constexpr std::size_t kMoments = 1;
  HWY_INLINE FloatVector direction(const OptimizerPass& pass, FloatVector g, FloatVector& v, FloatVector& /*second*/) const {
    v = hn::MulAdd(hn::Set(Floats(), pass.settings.momentum), v, g);
    return v;
  }
};

/// g + μ v, with the new v.
struct Nesterov {
  static constexpr std::size_t kMoments = 1;
  HWY_INLINE FloatVector direction(const OptimizerPass& pass, FloatVector g, FloatVector& v, FloatVector& /*second*/) const {
    const auto momentum = hn::Set(Floats(), pass.settings.momentum);
    v = hn::MulAdd(momentum, v, g);
    return hn::MulAdd(momentum, v, g);
  }
};

/// A running mean: β m + (1 − β) x.
HWY_INLINE FloatVector running_mean(float beta, FloatVector m, FloatVector x) {
  const Floats d;
  return hn::MulAdd(hn::Set(d, beta), m, hn::Mul(hn::Set(d, 1.0F - beta), x));
}

/// g / (√s + ε), s being the running mean of g².
struct RmsProp {
  static constexpr std::size_t kMoments = 1;
  HWY_INLINE FloatVector direction(const OptimizerPass& pass, FloatVector g, FloatVector& s, FloatVector& /*second*/) const {
    s = running_mean(pass.settings.beta2, s, hn::Mul(g, g));
    return hn::Div(g, hn::Add(hn::Sqrt(s), hn::Set(Floats(), pass.settings.epsilon)));
  }
};

/// m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
struct Adam {
  static constexpr std::size_t kMoments = 2;
  HWY_INLINE FloatVector direction(const OptimizerPass& pass, FloatVector g, FloatVector& m, FloatVector& v) const {
    const Floats d;
    m = running_mean(pass.settings.beta1, m, g);
    v = running_mean(pass.settings.beta2, v, hn::Mul(g, g));
    const auto root = hn::Sqrt(hn::Mul(hn::Set(d, pass.step.correction2), v));
    return hn::Div(hn::Mul(hn::Set(d, pass.step.correction1), m), hn::Add(root, hn::Set(d, pass.settings.epsilon)));
  }
};

/// Calls `function` with the optimizer, so that the choice is made once per call and not per parameter. LAMB's direction is
/// Adam's; the backend computes its length.
template <typename Function>
HWY_INLINE void with_optimizer(Optimizer optimizer, Function function) {
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

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
