// Dropout: which nodes a sample does without is drawn where it is needed. Leaving out moves 12 bytes per element (one matrix
// is read, and two are written), 2 more where the result is also written in bf16; multiplying error terms by the factors
// moves 12. Each is the least there is: the factors are kept, since drawing them again would take ten rounds of
// multiplications.

#include "device.cuh"
#include "launchers.hpp"
#include "philox.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// Four nodes of one row for each thread and round; `Width`: how many of them travel in one access.
template <unsigned Width>
__global__ void drop_kernel(RandomKey key, const unsigned long long* __restrict__ visits, std::uint32_t threshold,
                            float kept_factor,
                            const float* __restrict__ y,  // (rows, columns), as dropped, factors and rounded
                            std::size_t rows, unsigned columns, float* __restrict__ dropped, float* __restrict__ factors,
                            Bf16* __restrict__ rounded) {
  const unsigned blocks = (columns + 3) / 4;  // of a row
  const unsigned long long first_visit = *visits;
  const std::size_t size = rows * blocks;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t row = i / blocks;
    const auto block = static_cast<unsigned>(i - row * blocks);
    const PhiloxBlock words = draw(key, (first_visit + row) * blocks + block);
    const std::size_t row_begin = row * columns;
    const std::size_t row_end = row_begin + columns;
    for (unsigned first = 0; first < 4; first += Width) {
      const std::size_t at = row_begin + 4 * std::size_t{block} + first;
      if (at >= row_end) break;
      Floats<Width> values = load<Width>(y, at, row_end);
      Floats<Width> chosen;
      for (unsigned k = 0; k < Width; ++k) {
        chosen.at[k] = words.at[first + k] < threshold ? 0.0F : kept_factor;
        values.at[k] *= chosen.at[k];
      }
      store(factors, at, row_end, chosen);
      store(dropped, at, row_end, values);
      if (rounded != nullptr) store_rounded(rounded, at, row_end, values);
    }
  }
}

template <unsigned Width>
__global__ void multiply_kernel(const float* __restrict__ factors,  // (size)
                                std::size_t size,
                                float* __restrict__ values) {  // (size)
  const unsigned stride = grid_stride<Width>();
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    const Floats<Width> by = load<Width>(factors, i, size);
    Floats<Width> mine = load<Width>(values, i, size);
    for (unsigned k = 0; k < Width; ++k) mine.at[k] *= by.at[k];
    store(values, i, size, mine);
  }
}

__global__ void count_visits_kernel(unsigned long long* visits, unsigned long long count) {
  *visits += count;
}

}  // namespace

void launch_drop(const RandomKey& key, const unsigned long long* visits, std::uint32_t threshold, float kept_factor,
                 const float* y, std::size_t rows, std::size_t columns, float* dropped, float* factors, Bf16* rounded,
                 cudaStream_t stream, GridLimits limits) {
  check_limits(limits, kStreamingGrid.blocks, "launch_drop: limits");
  check(columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_drop: columns");
  if (rows == 0 || columns == 0) return;
  const bool in_fours = columns % 4 == 0 && can_take_four(y, dropped, factors) && can_round_four(rounded);
  const unsigned grid = streaming_blocks(rows * divide_up(columns, 4), 1, limits);
  launch(in_fours ? drop_kernel<4> : drop_kernel<1>, {.grid = grid, .block = limits.block, .stream = stream}, key, visits,
         threshold, kept_factor, y, rows, static_cast<unsigned>(columns), dropped, factors, rounded);
}

void launch_multiply(const float* factors, std::size_t count, float* values, cudaStream_t stream, GridLimits limits) {
  check_limits(limits, kStreamingGrid.blocks, "launch_multiply: limits");
  if (count == 0) return;
  const bool in_fours = can_take_four(factors, values);
  launch(in_fours ? multiply_kernel<4> : multiply_kernel<1>,
         {.grid = streaming_blocks(count, in_fours ? 4 : 1, limits), .block = limits.block, .stream = stream}, factors,
         count, values);
}

void launch_count_visits(unsigned long long* visits, std::size_t count, cudaStream_t stream) {
  if (count == 0) return;
  launch(count_visits_kernel, {.grid = 1, .block = 1, .stream = stream}, visits, static_cast<unsigned long long>(count));
}

}  // namespace gradus::kernels
