// What training does to its samples, drawn where it is needed: noise on inputs, and mixtures of two samples. Noise moves 8
// bytes per element, a mixture 12, of which the partner's 4 mostly come from a cache; 2 more where the result is also
// written in bf16. Each is the least there is.

#include "device.cuh"
#include "launchers.hpp"
#include "philox.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// A value in [0, 1), of which every one is a float.
__device__ float unit(std::uint32_t word) {
  return static_cast<float>(word >> 8) * 0x1p-24F;
}

/// Four values of N(0, deviation²), by the method of Box and Muller (1958): two words give two.
__device__ Floats<4> draw_normal(const PhiloxBlock& words, float deviation) {
  Floats<4> values;
  for (unsigned pair = 0; pair < 4; pair += 2) {
    const float u = fminf(unit(words.at[pair]) + 0x1p-24F, 1.0F);
    const float length = deviation * sqrtf(-2.0F * logf(u));
    const float turns = 2.0F * unit(words.at[pair + 1]);  // halves of them
    values.at[pair] = length * cospif(turns);
    values.at[pair + 1] = length * sinpif(turns);
  }
  return values;
}

/// Four elements of one row for each thread and round; `Width`: how many of them travel in one access.
template <unsigned Width>
__global__ void add_noise_kernel(RandomKey key, const unsigned long long* __restrict__ visits, float deviation,
                                 const float* x,  // (rows, columns), as noisy and rounded; may be noisy
                                 std::size_t rows, unsigned columns, float* noisy, Bf16* rounded) {
  const unsigned blocks = (columns + 3) / 4;  // of a row
  const unsigned long long first_visit = *visits;
  const std::size_t size = rows * blocks;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t row = i / blocks;
    const auto block = static_cast<unsigned>(i - row * blocks);
    const Floats<4> noise = draw_normal(draw(key, (first_visit + row) * blocks + block), deviation);
    const std::size_t row_begin = row * columns;
    const std::size_t row_end = row_begin + columns;
    for (unsigned first = 0; first < 4; first += Width) {
      const std::size_t at = row_begin + 4 * std::size_t{block} + first;
      if (at >= row_end) break;
      Floats<Width> values = load<Width>(x, at, row_end);
      for (unsigned k = 0; k < Width; ++k) values.at[k] += noise.at[first + k];
      store(noisy, at, row_end, values);
      if (rounded != nullptr) store_rounded(rounded, at, row_end, values);
    }
  }
}

/// What part a sample has in its mixture.
__device__ float part_of(const MixQuantiles& quantiles, std::uint32_t word) {
  constexpr float kIntervals = MixQuantiles::kIntervals;
  const float u = unit(word);
  const float place = fminf(u, 1.0F - u) * (2.0F * kIntervals);
  const unsigned k = min(static_cast<unsigned>(place), MixQuantiles::kIntervals - 1);
  const float part = quantiles.at[k] + (place - static_cast<float>(k)) * (quantiles.at[k + 1] - quantiles.at[k]);
  return u > 0.5F ? 1.0F - part : part;
}

/// `Width` elements of one row for each thread and round.
template <unsigned Width>
__global__ void mix_rows_kernel(RandomKey parts, RandomKey partners, const unsigned long long* __restrict__ visits,
                                MixQuantiles quantiles,
                                const float* __restrict__ values,  // (rows, columns), as mixed and rounded
                                std::size_t rows, unsigned columns, float* __restrict__ mixed, Bf16* __restrict__ rounded) {
  const unsigned pieces = columns / Width;
  const unsigned long long first_visit = *visits;
  const std::size_t distance =
      rows < 2 ? 0 : 1 + static_cast<std::size_t>(draw(partners, first_visit).at[0] * (rows - 1) >> 32);
  const std::size_t size = rows * pieces;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t row = i / pieces;
    const std::size_t column = (i - row * pieces) * Width;
    const unsigned long long visit = first_visit + row;
    const PhiloxBlock words = draw(parts, visit / 4);
    const unsigned which = static_cast<unsigned>(visit % 4);
    const std::uint32_t word =
        which < 2 ? (which == 0 ? words.at[0] : words.at[1]) : (which == 2 ? words.at[2] : words.at[3]);
    const float part = part_of(quantiles, word);
    const std::size_t partner = row + distance < rows ? row + distance : row + distance - rows;
    Floats<Width> mine = load<Width>(values, row * columns + column, rows * columns);
    const Floats<Width> other = load<Width>(values, partner * columns + column, rows * columns);
    for (unsigned k = 0; k < Width; ++k) mine.at[k] = part * mine.at[k] + (1.0F - part) * other.at[k];
    store(mixed, row * columns + column, rows * columns, mine);
    if (rounded != nullptr) store_rounded(rounded, row * columns + column, rows * columns, mine);
  }
}

}  // namespace

void launch_add_noise(const RandomKey& key, const unsigned long long* visits, float deviation, const float* x,
                      std::size_t rows, std::size_t columns, float* noisy, Bf16* rounded, cudaStream_t stream,
                      GridLimits limits) {
  check_limits(limits, kStreamingGrid.blocks, "launch_add_noise: limits");
  check(columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_add_noise: columns");
  if (rows == 0 || columns == 0) return;
  const bool in_fours = columns % 4 == 0 && can_take_four(x, noisy) && can_round_four(rounded);
  const unsigned grid = streaming_blocks(rows * divide_up(columns, 4), 1, limits);
  launch(in_fours ? add_noise_kernel<4> : add_noise_kernel<1>, {.grid = grid, .block = limits.block, .stream = stream}, key,
         visits, deviation, x, rows, static_cast<unsigned>(columns), noisy, rounded);
}

void launch_mix_rows(const RandomKey& parts, const RandomKey& partners, const unsigned long long* visits,
                     const MixQuantiles& quantiles, const float* values, std::size_t rows, std::size_t columns, float* mixed,
                     Bf16* rounded, cudaStream_t stream, GridLimits limits) {
  check_limits(limits, kStreamingGrid.blocks, "launch_mix_rows: limits");
  check(columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_mix_rows: columns");
  if (rows == 0 || columns == 0) return;
  const bool in_fours = columns % 4 == 0 && can_take_four(values, mixed) && can_round_four(rounded);
  const unsigned grid = streaming_blocks(rows * columns, in_fours ? 4 : 1, limits);
  launch(in_fours ? mix_rows_kernel<4> : mix_rows_kernel<1>, {.grid = grid, .block = limits.block, .stream = stream}, parts,
         partners, visits, quantiles, values, rows, static_cast<unsigned>(columns), mixed, rounded);
}

}  // namespace gradus::kernels
