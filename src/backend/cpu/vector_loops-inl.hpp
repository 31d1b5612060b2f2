// Loops over vectors, compiled anew for each instruction set: included by every file that holds such loops, after Highway.
#if defined(GRADUS_VECTOR_LOOPS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GRADUS_VECTOR_LOOPS_INL
#undef GRADUS_VECTOR_LOOPS_INL
#else
#define GRADUS_VECTOR_LOOPS_INL
#endif

#include <cstddef>
#include <cstring>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using FloatVector = hn::Vec<Floats>;

/// The first `count` elements at `from`, the others 0; touches nothing behind them.
HWY_INLINE FloatVector load_tail(const float* from, std::size_t count) {
  const Floats d;
#if !defined(HWY_MEM_OPS_MIGHT_FAULT) || HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN float lanes[HWY_MAX_BYTES / sizeof(float)] = {};
  std::memcpy(lanes, from, count * sizeof(float));
  return hn::Load(d, lanes);
#else
  return hn::MaskedLoad(hn::FirstN(d, count), d, from);
#endif
}

/// Stores the first `count` elements; touches nothing behind them.
HWY_INLINE void store_tail(FloatVector values, float* to, std::size_t count) {
  const Floats d;
#if !defined(HWY_MEM_OPS_MIGHT_FAULT) || HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN float lanes[HWY_MAX_BYTES / sizeof(float)];
  hn::Store(values, d, lanes);
  std::memcpy(to, lanes, count * sizeof(float));
#else
  hn::BlendedStore(values, hn::FirstN(d, count), d, to);
#endif
}

/// to[i] = function(a[i], b[i]…) over `count` elements; `to` may be one of the operands.
template <typename Function, typename... Operands>
HWY_INLINE void transform(std::size_t count, float* to, Function function, const Operands*... operands) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(function(hn::LoadU(d, operands + i)...), d, to + i);
  if (i < count) store_tail(function(load_tail(operands + i, count - i)...), to + i, count - i);
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
