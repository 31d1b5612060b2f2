#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backend/cpu/row_kernels.cpp"
#include <hwy/foreach_target.h>
// clang-format off: highway.h comes after foreach_target.h
#include <hwy/highway.h>
// clang-format on

#include <algorithm>

#include "backend/cpu/vector_kernels.hpp"
#include "backend/cpu/vector_loops-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

HWY_INLINE FloatVector to_float(hn::Vec<hn::Rebind<std::uint8_t, Floats>> bytes) {
  const hn::Rebind<std::int32_t, Floats> integers;
  return hn::ConvertTo(Floats(), hn::PromoteTo(integers, bytes));
}

void scale_bytes(const std::uint8_t* from, const float* shift, const float* scale, std::size_t count, float* to) {
  const Floats d;
  const hn::Rebind<std::uint8_t, Floats> bytes;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto value = to_float(hn::LoadU(bytes, from + i));
    hn::StoreU(hn::Mul(hn::Sub(value, hn::LoadU(d, shift + i)), hn::LoadU(d, scale + i)), d, to + i);
  }
  for (; i < count; ++i) to[i] = (static_cast<float>(from[i]) - shift[i]) * scale[i];
}

void scale_floats(const float* from, const float* shift, const float* scale, std::size_t count, float* to) {
  const auto scaled = [](auto value, auto by_shift, auto by_scale)
                          HWY_ATTR { return hn::Mul(hn::Sub(value, by_shift), by_scale); };
  transform(count, to, scaled, from, shift, scale);
}

void column_sums(ConstMatrix delta, Range columns, float alpha, float beta, float* sums) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  const auto finish = [alpha, beta](FloatVector sum, FloatVector before) HWY_ATTR {
    const auto scaled = hn::Mul(hn::Set(Floats(), alpha), sum);
    return beta == 0.0F ? scaled : hn::MulAdd(hn::Set(Floats(), beta), before, scaled);
  };
  const std::size_t last = columns.last;
  std::size_t j = columns.first;
  for (; j + lanes <= last; j += lanes) {
    auto sum = hn::Zero(d);
    for (std::size_t i = 0; i < delta.rows; ++i) sum = hn::Add(sum, hn::LoadU(d, delta.data + i * delta.columns + j));
    hn::StoreU(finish(sum, hn::LoadU(d, sums + j)), d, sums + j);
  }
  if (j < last) {
    auto sum = hn::Zero(d);
    for (std::size_t i = 0; i < delta.rows; ++i) sum = hn::Add(sum, load_tail(delta.data + i * delta.columns + j, last - j));
    store_tail(finish(sum, load_tail(sums + j, last - j)), sums + j, last - j);
  }
}

void scale_values(float factor, std::size_t count, float* values) {
  transform(
      count, values, [factor](auto value) HWY_ATTR { return hn::Mul(value, hn::Set(Floats(), factor)); }, values);
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gradus::internal {

HWY_EXPORT(scale_values);
HWY_EXPORT(scale_bytes);
HWY_EXPORT(scale_floats);
HWY_EXPORT(column_sums);

namespace {

/// Begins to bring a sample's inputs into the second cache: they are wanted after work that needs the first.
void fetch(const SampleSource& source, std::uint32_t sample) {
#if defined(__GNUC__)
  constexpr std::size_t kLine = 64;
  const std::size_t size = source.features * (source.bytes != nullptr ? 1 : sizeof(float));
  const char* const first = (source.bytes != nullptr ? reinterpret_cast<const char*>(source.bytes)
                                                     : reinterpret_cast<const char*>(source.floats)) +
                            sample * size;
  for (std::size_t i = 0; i < size; i += kLine) __builtin_prefetch(first + i, 0, 2);
  __builtin_prefetch(first + size - 1, 0, 2);
#endif
}

}  // namespace

void fetch_inputs(const SampleSource& source, std::span<const std::uint32_t> samples) {
  for (const std::uint32_t sample : samples) fetch(source, sample);
}

void gather_inputs(const SampleSource& source, std::span<const std::uint32_t> order, float* x) {
  for (const std::uint32_t sample : order) {
    const std::size_t begin = sample * source.features;
    if (source.bytes != nullptr)
      HWY_DYNAMIC_DISPATCH(scale_bytes)(source.bytes + begin, source.input_shift, source.input_scale, source.features, x);
    else
      HWY_DYNAMIC_DISPATCH(scale_floats)(source.floats + begin, source.input_shift, source.input_scale, source.features, x);
    x += source.features;
  }
}

void gather_targets(const SampleSource& source, std::span<const std::uint32_t> order, float* t) {
  if (source.labels != nullptr) std::fill_n(t, order.size() * source.outputs, 0.0F);
  for (const std::uint32_t sample : order) {
    if (source.labels != nullptr)
      t[static_cast<std::size_t>(source.labels[sample])] = 1.0F;
    else
      HWY_DYNAMIC_DISPATCH(scale_floats)
    (source.targets + sample * source.outputs, source.target_shift, source.target_scale, source.outputs, t);
    t += source.outputs;
  }
}

void column_sums(ConstMatrix delta, Range columns, float alpha, float beta, float* sums) {
  HWY_DYNAMIC_DISPATCH(column_sums)(delta, columns, alpha, beta, sums);
}

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (const auto target : hwy::SupportedAndGeneratedTargets()) names.emplace_back(hwy::TargetName(target));
  return names;
}

void scale_values(float factor, std::size_t count, float* values) {
  HWY_DYNAMIC_DISPATCH(scale_values)(factor, count, values);
}

}  // namespace gradus::internal
#endif
