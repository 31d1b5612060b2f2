#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backend/cpu/optimizer_kernels.cpp"
#include <hwy/foreach_target.h>
// clang-format off: highway.h comes after foreach_target.h
#include <hwy/highway.h>
// clang-format on

#include <algorithm>

#include "backend/cpu/optimizer_kernels.hpp"
#include "backend/cpu/optimizers-inl.hpp"
#include "backend/cpu/vector_loops-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

/// The gradient as the optimizer takes it: clipped, and with the slopes of the penalties.
HWY_INLINE FloatVector penalised(const OptimizerPass& pass, FloatVector g, FloatVector p) {
  const Floats d;
  g = hn::Mul(hn::Set(d, pass.step.gradient_scale), g);
  if (!pass.decays) return g;
  g = hn::MulAdd(hn::Set(d, pass.settings.l2), p, g);
  const auto sign = hn::IfThenElse(hn::Eq(p, hn::Zero(d)), hn::Zero(d), hn::CopySign(hn::Set(d, 1.0F), p));
  return hn::MulAdd(hn::Set(d, pass.settings.l1), sign, g);
}

/// One vector: finish(p, direction) stores what comes of it.
template <typename Rule, typename Load, typename Store, typename Finish>
HWY_INLINE void one_vector(Rule rule, const OptimizerPass& pass, const OptimizerSlice& slice, Load load, Store store,
                           Finish finish) {
  const auto p = load(slice.parameters);
  auto first = hn::Zero(Floats());
  auto second = hn::Zero(Floats());
  if constexpr (Rule::kMoments > 0) first = load(slice.first);
  if constexpr (Rule::kMoments > 1) second = load(slice.second);
  finish(p, rule.direction(pass, penalised(pass, load(slice.gradients), p), first, second), store);
  if constexpr (Rule::kMoments > 0) store(first, slice.first);
  if constexpr (Rule::kMoments > 1) store(second, slice.second);
}

template <typename Finish>
HWY_INLINE void all_vectors(const OptimizerPass& pass, const OptimizerSlice& slice, Finish finish) {
  with_optimizer(pass.settings.kind, [&](auto rule) HWY_ATTR {
    const Floats d;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + lanes <= slice.count; i += lanes)
      one_vector(
          rule, pass, slice, [&](const float* from) HWY_ATTR { return hn::LoadU(Floats(), from + i); },
          [&](FloatVector values, float* to) HWY_ATTR { hn::StoreU(values, Floats(), to + i); }, finish);
    if (i < slice.count)
      one_vector(
          rule, pass, slice, [&](const float* from) HWY_ATTR { return load_tail(from + i, slice.count - i); },
          [&](FloatVector values, float* to) HWY_ATTR { store_tail(values, to + i, slice.count - i); }, finish);
  });
}

void optimizer_pass(const OptimizerPass& pass, const OptimizerSlice& slice) {
  const float kept = pass.decays ? 1.0F - pass.step.rate * pass.settings.weight_decay : 1.0F;
  all_vectors(pass, slice, [&](FloatVector p, FloatVector direction, auto store) HWY_ATTR {
    const Floats d;
    store(hn::NegMulAdd(hn::Set(d, pass.step.rate), direction, hn::Mul(hn::Set(d, kept), p)), slice.parameters);
  });
}

void optimizer_direction(const OptimizerPass& pass, const OptimizerSlice& slice) {
  const float decay = pass.decays ? pass.settings.weight_decay : 0.0F;
  all_vectors(pass, slice, [&](FloatVector p, FloatVector direction, auto store) HWY_ATTR {
    store(hn::MulAdd(hn::Set(Floats(), decay), p, direction), slice.gradients);
  });
}

void descend(const float* gradients, std::size_t count, float rate, float* parameters) {
  // Vectors are made inside the lambda: where their size is not known to the compiler they cannot be captured.
  const auto step = [rate](auto parameter, auto gradient)
                        HWY_ATTR { return hn::NegMulAdd(hn::Set(Floats(), rate), gradient, parameter); };
  transform(count, parameters, step, parameters, gradients);
}

float squares_of_stretch(const float* values, std::size_t count) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  auto sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto value = hn::LoadU(d, values + i);
    sum = hn::MulAdd(value, value, sum);
  }
  if (i < count) {
    const auto value = load_tail(values + i, count - i);
    sum = hn::MulAdd(value, value, sum);
  }
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gradus::internal {

HWY_EXPORT(optimizer_pass);
HWY_EXPORT(optimizer_direction);
HWY_EXPORT(descend);
HWY_EXPORT(squares_of_stretch);

void optimizer_pass(const OptimizerPass& pass, const OptimizerSlice& slice) {
  HWY_DYNAMIC_DISPATCH(optimizer_pass)(pass, slice);
}

void optimizer_direction(const OptimizerPass& pass, const OptimizerSlice& slice) {
  HWY_DYNAMIC_DISPATCH(optimizer_direction)(pass, slice);
}

void descend(const float* gradients, std::size_t count, float rate, float* parameters) {
  HWY_DYNAMIC_DISPATCH(descend)(gradients, count, rate, parameters);
}

double sum_of_squares(std::span<const float> values) {
  constexpr std::size_t kStretch = 4096;
  double sum = 0.0;
  for (std::size_t first = 0; first < values.size(); first += kStretch) {
    const auto stretch = values.subspan(first, std::min(kStretch, values.size() - first));
    sum += static_cast<double>(HWY_DYNAMIC_DISPATCH(squares_of_stretch)(stretch.data(), stretch.size()));
  }
  return sum;
}

}  // namespace gradus::internal
#endif
