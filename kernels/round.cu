// Values rounded to bf16, beside the fp32 ones. Moves 6 bytes per element, the least there is.

#include "device.cuh"
#include "launchers/elementwise.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

template <unsigned Width>
__global__ void round_kernel(const float* __restrict__ values,  // (size)
                             Bf16* __restrict__ rounded,        // (size)
                             std::size_t size) {
  const unsigned stride = grid_stride<Width>();
  for (std::size_t i = first_float<Width>(); i < size; i += stride)
    store_rounded(rounded, i, size, load<Width>(values, i, size));
}

}  // namespace

void launch_round(const RoundedValues& array, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_round: limits");
  if (array.count == 0) return;
  const bool in_fours = can_take_four(array.values) && can_round_four(array.rounded);
  const unsigned grid = streaming_blocks(array.count, in_fours ? 4 : 1, on.streaming);
  launch(in_fours ? round_kernel<4> : round_kernel<1>, {.grid = grid, .block = on.streaming.block, .stream = on.stream},
         array.values, array.rounded, array.count);
}

}  // namespace gradus::kernels
