// Dropout: the units that are dropped for a sample are drawn where they are needed. Dropping moves 12 bytes per element (one
// matrix is read, and two are written), 2 more where the result is also written in bf16; multiplying error terms by the
// factors moves 12. Each is the least there is: the factors are kept, since drawing them again would take ten rounds of
// multiplications.

#include "device.cuh"
#include "launchers/augmentation.hpp"
#include "launchers/elementwise.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// Four units of one row for each thread and round; `Width`: how many of them travel in one access.
template <unsigned Width>
__global__ void drop_kernel(internal::RandomSequence draws, const unsigned long long* __restrict__ visits,
                            std::uint32_t threshold, float kept_factor,
                            const float* __restrict__ y,  // (rows, columns), as dropped, factors and rounded
                            std::size_t rows, unsigned columns, float* __restrict__ dropped, float* __restrict__ factors,
                            Bf16* __restrict__ rounded) {
  const auto blocks = static_cast<unsigned>(internal::blocks_for(columns));  // of a row
  const unsigned long long first_visit = *visits;
  const std::size_t size = rows * blocks;
  const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < size; i += stride) {
    const std::size_t row = i / blocks;
    const auto block = static_cast<unsigned>(i - row * blocks);
    const internal::RandomWords words = draws.block((first_visit + row) * blocks + block);
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

void launch_drop(const DroppedNodes& nodes, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_drop: limits");
  check(nodes.columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_drop: columns");
  if (nodes.rows == 0 || nodes.columns == 0) return;
  const bool in_fours =
      nodes.columns % 4 == 0 && can_take_four(nodes.y, nodes.dropped, nodes.factors) && can_round_four(nodes.rounded);
  const unsigned grid = streaming_blocks(nodes.rows * internal::blocks_for(nodes.columns), 1, on.streaming);
  launch(in_fours ? drop_kernel<4> : drop_kernel<1>, {.grid = grid, .block = on.streaming.block, .stream = on.stream},
         nodes.dropout.draws, nodes.visits, nodes.dropout.threshold(), nodes.dropout.kept_factor(), nodes.y, nodes.rows,
         static_cast<unsigned>(nodes.columns), nodes.dropped, nodes.factors, nodes.rounded);
}

void launch_multiply(const MultipliedValues& array, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_multiply: limits");
  if (array.count == 0) return;
  const bool in_fours = can_take_four(array.factors, array.values);
  const unsigned grid = streaming_blocks(array.count, in_fours ? 4 : 1, on.streaming);
  launch(in_fours ? multiply_kernel<4> : multiply_kernel<1>,
         {.grid = grid, .block = on.streaming.block, .stream = on.stream}, array.factors, array.count, array.values);
}

void launch_count_visits(unsigned long long* visits, std::size_t count, const On& on) {
  if (count == 0) return;
  launch(count_visits_kernel, {.grid = 1, .block = 1, .stream = on.stream}, visits, static_cast<unsigned long long>(count));
}

}  // namespace gradus::kernels
