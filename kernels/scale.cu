// values = factor · values, and values = value. The first moves 8 bytes per element, the least there is: what is read goes
// back. By 0 nothing is read, and 4 bytes are written; by 1 nothing is moved.

#include "device.cuh"
#include "launchers/elementwise.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

template <unsigned Width>
__global__ void scale_kernel(float* values,  // (size)
                             std::size_t size, float factor) {
  const unsigned stride = grid_stride<Width>();
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    Floats<Width> mine = load<Width>(values, i, size);
    for (unsigned k = 0; k < Width; ++k) mine.at[k] *= factor;
    store(values, i, size, mine);
  }
}

template <unsigned Width>
__global__ void fill_kernel(float* values,  // (size)
                            std::size_t size, float value) {
  const unsigned stride = grid_stride<Width>();
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    Floats<Width> mine;
    for (float& one : mine.at) one = value;
    store(values, i, size, mine);
  }
}

}  // namespace

void launch_scale(const ScaledValues& array, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_scale: limits");
  if (array.count == 0 || array.factor == 1.0F) return;
  if (array.factor == 0.0F) {  // not a product, which would keep NaN
    check(cudaMemsetAsync(array.values, 0, array.count * sizeof(float), on.stream), "cudaMemsetAsync");
    return;
  }
  const bool in_fours = can_take_four(array.values);
  const unsigned grid = streaming_blocks(array.count, in_fours ? 4 : 1, on.streaming);
  launch(in_fours ? scale_kernel<4> : scale_kernel<1>, {.grid = grid, .block = on.streaming.block, .stream = on.stream},
         array.values, array.count, array.factor);
}

void launch_fill(const FilledValues& array, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_fill: limits");
  if (array.count == 0) return;
  const bool in_fours = can_take_four(array.values);
  const unsigned grid = streaming_blocks(array.count, in_fours ? 4 : 1, on.streaming);
  launch(in_fours ? fill_kernel<4> : fill_kernel<1>, {.grid = grid, .block = on.streaming.block, .stream = on.stream},
         array.values, array.count, array.value);
}

}  // namespace gradus::kernels
