// What training does to its samples, drawn where it is needed: noise on inputs, and mixtures of two samples. Noise moves 8
// bytes per element, a mixture 12, of which the partner's 4 mostly come from a cache; 2 more where the result is also
// written in bf16. Each is the least there is.

#include "device.cuh"
#include "launchers/augmentation.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

using internal::InputNoise;
using internal::RandomSequence;
using internal::RandomWords;
using internal::to_unit;

/// Four values of N(0, deviation²), by the method of Box and Muller (1958): two words give two.
__device__ Floats<4> draw_normal(const RandomWords& words, float deviation) {
  Floats<4> values;
  for (unsigned pair = 0; pair < 4; pair += 2) {
    const float u = fminf(to_unit(words[pair]) + InputNoise::kLeast, 1.0F);
    const float length = deviation * sqrtf(-2.0F * logf(u));
    const float turns = 2.0F * to_unit(words[pair + 1]);  // halves of them
    values.at[pair] = length * cospif(turns);
    values.at[pair + 1] = length * sinpif(turns);
  }
  return values;
}

/// Four elements of one row for each thread and round; `Width`: how many of them travel in one access.
template <unsigned Width>
__global__ void add_noise_kernel(RandomSequence draws, const unsigned long long* __restrict__ visits, float deviation,
                                 const float* x,  // (rows, columns), as noisy and rounded; may be noisy
                                 std::size_t rows, unsigned columns, float* noisy, Bf16* rounded) {
  const auto blocks = static_cast<unsigned>(internal::blocks_for(columns));  // of a row
  const unsigned long long first_visit = *visits;
  const std::size_t size = rows * blocks;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t row = i / blocks;
    const auto block = static_cast<unsigned>(i - row * blocks);
    const Floats<4> noise = draw_normal(draws.block((first_visit + row) * blocks + block), deviation);
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

/// `Width` elements of one row for each thread and round.
template <unsigned Width>
__global__ void mix_rows_kernel(internal::Mixup mixup, const unsigned long long* __restrict__ visits,
                                const float* __restrict__ values,  // (rows, columns), as mixed and rounded
                                std::size_t rows, unsigned columns, float* __restrict__ mixed, Bf16* __restrict__ rounded) {
  const unsigned pieces = columns / Width;
  const unsigned long long first_visit = *visits;
  const std::size_t distance = mixup.distance(first_visit, rows);
  const std::size_t size = rows * pieces;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t row = i / pieces;
    const std::size_t column = (i - row * pieces) * Width;
    const float part = mixup.part(first_visit + row);
    const std::size_t partner = row + distance < rows ? row + distance : row + distance - rows;
    Floats<Width> mine = load<Width>(values, row * columns + column, rows * columns);
    const Floats<Width> other = load<Width>(values, partner * columns + column, rows * columns);
    for (unsigned k = 0; k < Width; ++k) mine.at[k] = part * mine.at[k] + (1.0F - part) * other.at[k];
    store(mixed, row * columns + column, rows * columns, mine);
    if (rounded != nullptr) store_rounded(rounded, row * columns + column, rows * columns, mine);
  }
}

}  // namespace

void launch_add_noise(const NoisyInputs& inputs, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_add_noise: limits");
  check(inputs.columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_add_noise: columns");
  if (inputs.rows == 0 || inputs.columns == 0) return;
  const bool in_fours = inputs.columns % 4 == 0 && can_take_four(inputs.x, inputs.noisy) && can_round_four(inputs.rounded);
  const unsigned grid = streaming_blocks(inputs.rows * internal::blocks_for(inputs.columns), 1, on.streaming);
  launch(in_fours ? add_noise_kernel<4> : add_noise_kernel<1>,
         {.grid = grid, .block = on.streaming.block, .stream = on.stream}, inputs.noise.draws, inputs.visits,
         inputs.noise.deviation, inputs.x, inputs.rows, static_cast<unsigned>(inputs.columns), inputs.noisy, inputs.rounded);
}

void launch_mix_rows(const MixedRows& rows, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_mix_rows: limits");
  check(rows.columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_mix_rows: columns");
  if (rows.rows == 0 || rows.columns == 0) return;
  const bool in_fours = rows.columns % 4 == 0 && can_take_four(rows.values, rows.mixed) && can_round_four(rows.rounded);
  const unsigned grid = streaming_blocks(rows.rows * rows.columns, in_fours ? 4 : 1, on.streaming);
  launch(in_fours ? mix_rows_kernel<4> : mix_rows_kernel<1>,
         {.grid = grid, .block = on.streaming.block, .stream = on.stream}, rows.mixup, rows.visits, rows.values, rows.rows,
         static_cast<unsigned>(rows.columns), rows.mixed, rows.rounded);
}

}  // namespace gradus::kernels
