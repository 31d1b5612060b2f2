#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backend/cpu/dropout_kernels.cpp"
#include <hwy/foreach_target.h>
// clang-format off: highway.h comes after foreach_target.h
#include <hwy/highway.h>
// clang-format on

#include "backend/cpu/dropout_kernels.hpp"
#include "backend/cpu/philox-inl.hpp"
#include "backend/cpu/vector_loops-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

HWY_INLINE void factors_of_row(const Dropout& dropout, std::uint64_t first_block, std::size_t columns, float* factors) {
  const std::uint32_t threshold = dropout.threshold();
  const float kept = dropout.kept_factor();
  for (std::size_t done = 0; done < columns; done += 4 * kBlocks) {
    PhiloxBlocks blocks;
    draw(dropout.draws, first_block + done / 4, blocks);
    float chosen[4 * kBlocks];
    for (std::size_t w = 0; w < 4; ++w)
      for (std::size_t i = 0; i < kBlocks; ++i) chosen[4 * i + w] = blocks.words[w][i] < threshold ? 0.0F : kept;
    const std::size_t count = HWY_MIN(4 * kBlocks, columns - done);
    std::memcpy(factors + done, chosen, count * sizeof(float));
  }
}

void multiply(const float* factors, std::size_t count, float* values) {
  transform(
      count, values, [](auto value, auto factor) HWY_ATTR { return hn::Mul(value, factor); }, values, factors);
}

void drop_nodes(const Dropout& dropout, std::uint64_t first_visit, ConstMatrix y, float* dropped, float* factors) {
  const std::size_t columns = y.columns;
  const std::uint64_t blocks = blocks_for(columns);
  for (std::size_t row = 0; row < y.rows; ++row) {
    const std::size_t first = row * columns;
    factors_of_row(dropout, (first_visit + row) * blocks, columns, factors + first);
    transform(
        columns, dropped + first, [](auto value, auto factor) HWY_ATTR { return hn::Mul(value, factor); }, y.data + first,
        factors + first);
  }
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gradus::internal {

HWY_EXPORT(drop_nodes);
HWY_EXPORT(multiply);

void drop_nodes(const Dropout& dropout, std::uint64_t first_visit, ConstMatrix y, float* dropped, float* factors) {
  HWY_DYNAMIC_DISPATCH(drop_nodes)(dropout, first_visit, y, dropped, factors);
}

void multiply(const float* factors, std::size_t count, float* values) {
  HWY_DYNAMIC_DISPATCH(multiply)(factors, count, values);
}

}  // namespace gradus::internal
#endif
