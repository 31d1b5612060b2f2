#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backend/cpu/augmentation_kernels.cpp"
#include <hwy/foreach_target.h>
// clang-format off: highway.h comes after foreach_target.h
#include <hwy/highway.h>
// clang-format on
#include <hwy/contrib/math/math-inl.h>

#include "backend/cpu/augmentation_kernels.hpp"
#include "backend/cpu/philox-inl.hpp"
#include "backend/cpu/vector_loops-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

/// values = the noise of 4 · kBlocks inputs, from block `first` on.
HWY_INLINE void draw_normal(const InputNoise& noise, std::uint64_t first, float* values) {
  PhiloxBlocks blocks;
  draw(noise.draws, first, blocks);
  float lengths[2 * kBlocks];
  float angles[2 * kBlocks];
  for (std::size_t pair = 0; pair < 2; ++pair)
    for (std::size_t i = 0; i < kBlocks; ++i) {
      lengths[pair * kBlocks + i] = to_unit(blocks.words[2 * pair][i]) + InputNoise::kLeast;
      angles[pair * kBlocks + i] = 6.2831853F * to_unit(blocks.words[2 * pair + 1][i]);
    }
  const Floats d;
  float cosines[2 * kBlocks];
  float sines[2 * kBlocks];
  transform(
      2 * kBlocks, lengths,
      [&](auto u) HWY_ATTR {
        const auto length = hn::Sqrt(hn::Mul(hn::Set(d, -2.0F), hn::Log(d, hn::Min(u, hn::Set(d, 1.0F)))));
        return hn::Mul(hn::Set(d, noise.deviation), length);
      },
      lengths);
  transform(
      2 * kBlocks, cosines, [&](auto angle, auto length) HWY_ATTR { return hn::Mul(length, hn::Cos(d, angle)); }, angles,
      lengths);
  transform(
      2 * kBlocks, sines, [&](auto angle, auto length) HWY_ATTR { return hn::Mul(length, hn::Sin(d, angle)); }, angles,
      lengths);
  for (std::size_t i = 0; i < kBlocks; ++i)
    for (std::size_t pair = 0; pair < 2; ++pair) {
      values[4 * i + 2 * pair] = cosines[pair * kBlocks + i];
      values[4 * i + 2 * pair + 1] = sines[pair * kBlocks + i];
    }
}

/// For rows that are shorter than what is drawn at once: draws the blocks of one row after the other.
void add_noise_to_narrow_rows(const InputNoise& noise, std::uint64_t first_visit, ConstMatrix x, float* noisy) {
  const std::size_t rows = x.rows;
  const std::size_t columns = x.columns;
  const std::size_t blocks = blocks_for(columns);
  for (std::size_t done = 0; done < rows * blocks; done += kBlocks) {
    float values[4 * kBlocks];
    draw_normal(noise, first_visit * blocks + done, values);
    for (std::size_t i = 0; i < std::min(kBlocks, rows * blocks - done); ++i) {
      const std::size_t column = (done + i) % blocks * 4;
      const std::size_t first = (done + i) / blocks * columns + column;
      for (std::size_t j = 0; j < std::min<std::size_t>(4, columns - column); ++j)
        noisy[first + j] = x.data[first + j] + values[4 * i + j];
    }
  }
}

void add_noise(const InputNoise& noise, std::uint64_t first_visit, ConstMatrix x, float* noisy) {
  const std::size_t columns = x.columns;
  if (columns < 4 * kBlocks) return add_noise_to_narrow_rows(noise, first_visit, x, noisy);
  const std::uint64_t blocks = blocks_for(columns);
  for (std::size_t row = 0; row < x.rows; ++row)
    for (std::size_t done = 0; done < columns; done += 4 * kBlocks) {
      float values[4 * kBlocks];
      draw_normal(noise, (first_visit + row) * blocks + done / 4, values);
      const std::size_t first = row * columns + done;
      transform(
          std::min(4 * kBlocks, columns - done), noisy + first,
          [](auto input, auto added) HWY_ATTR { return hn::Add(input, added); }, x.data + first, values);
    }
}

void mix(float part, const float* a, const float* b, std::size_t count, float* mixed) {
  const Floats d;
  transform(
      count, mixed,
      [&](auto one, auto other)
          HWY_ATTR { return hn::MulAdd(hn::Set(d, part), one, hn::Mul(hn::Set(d, 1.0F - part), other)); },
      a, b);
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gradus::internal {

HWY_EXPORT(add_noise);
HWY_EXPORT(mix);

void add_noise(const InputNoise& noise, std::uint64_t first_visit, ConstMatrix x, float* noisy) {
  HWY_DYNAMIC_DISPATCH(add_noise)(noise, first_visit, x, noisy);
}

void mix(float part, const float* a, const float* b, std::size_t count, float* mixed) {
  HWY_DYNAMIC_DISPATCH(mix)(part, a, b, count, mixed);
}

}  // namespace gradus::internal
#endif
