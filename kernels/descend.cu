// parameters −= rate · gradients. Moves 12 bytes per element, the least there is: two vectors are read and one is written.

#include "device.cuh"
#include "launchers/optimizer.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// `squares`: of the parameters' length and of the gradients', by whose quotient the rate is multiplied; null: it is not.
template <unsigned Width>
__global__ void descend_kernel(const float* __restrict__ gradients,  // (size)
                               const float* __restrict__ rate,       // one number
                               const double* __restrict__ squares,   // two, or null
                               float* __restrict__ parameters,       // (size)
                               std::size_t size) {
  const unsigned stride = grid_stride<Width>();
  float by = -*rate;
  if (squares != nullptr)
    by = static_cast<float>(static_cast<double>(by) * internal::trust_quotient(squares[0], squares[1]));
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    const Floats<Width> slopes = load<Width>(gradients, i, size);
    Floats<Width> values = load<Width>(parameters, i, size);
    // A fused multiply-add by name, not by the compiler's choice, so that the bits are those of the CPU.
    for (unsigned k = 0; k < Width; ++k) values.at[k] = fmaf(by, slopes.at[k], values.at[k]);
    store(parameters, i, size, values);
  }
}

}  // namespace

void launch_descend(const Descent& descent, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_descend: limits");
  if (descent.count == 0) return;
  const bool in_fours = can_take_four(descent.gradients, descent.parameters);
  const unsigned grid = streaming_blocks(descent.count, in_fours ? 4 : 1, on.streaming);
  launch(in_fours ? descend_kernel<4> : descend_kernel<1>, {.grid = grid, .block = on.streaming.block, .stream = on.stream},
         descent.gradients, descent.rate, descent.squares, descent.parameters, descent.count);
}

}  // namespace gradus::kernels
