// Y = σ(A + b), between two matrix products. Moves 8 bytes per element, the least there is: A comes from memory and Y goes
// back; 4 more where A + b is kept, and 2 more where Y is also written in bf16.

#include "activation.cuh"
#include "device.cuh"
#include "launchers.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// `stride_columns`: the grid's stride modulo the columns, so that a thread divides once and then only adds.
template <class Activation, unsigned Width>
__global__ void bias_activation_kernel(float* a,                            // (rows, columns): A, becomes Y
                                       const float* __restrict__ bias,      // (columns)
                                       std::size_t size, unsigned columns,  // rows · columns
                                       unsigned stride_columns,
                                       float* __restrict__ kept,      // (rows, columns) or null
                                       Bf16* __restrict__ rounded) {  // (rows, columns) or null
  const unsigned stride = grid_stride<Width>();
  unsigned column = first_float<Width>() % columns;
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    Floats<Width> values = load<Width>(a, i, size);
    unsigned c = column;  // rows need not be multiples of Width: one may end among these values
    for (unsigned k = 0; k < Width; ++k) {
      values.at[k] += bias[c];
      c = c + 1 == columns ? 0 : c + 1;
    }
    if (kept != nullptr) store(kept, i, size, values);
    for (float& value : values.at) value = Activation::value(value);
    store(a, i, size, values);
    if (rounded != nullptr) store_rounded(rounded, i, size, values);
    column += stride_columns;
    if (column >= columns) column -= columns;
  }
}

template <class Activation, unsigned Width>
void launch_width(const float* bias, float* a, std::size_t size, unsigned columns, float* kept, Bf16* rounded,
                  cudaStream_t stream, const GridLimits& limits) {
  const unsigned blocks = streaming_blocks(size, Width, limits);
  const unsigned stride_columns = blocks * limits.block * Width % columns;
  launch(bias_activation_kernel<Activation, Width>, {.grid = blocks, .block = limits.block, .stream = stream}, a, bias, size,
         columns, stride_columns, kept, rounded);
}

}  // namespace

void launch_bias_activation(ActivationKind activation, const float* bias, float* a, std::size_t rows, std::size_t columns,
                            float* kept, Bf16* rounded, cudaStream_t stream, GridLimits limits) {
  check_limits(limits, kStreamingGrid.blocks, "launch_bias_activation: limits");
  check(columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_bias_activation: columns");
  const std::size_t size = rows * columns;
  if (size == 0) return;
  with_activation(activation, [&](auto chosen) {
    using Activation = decltype(chosen);
    const auto launch_chosen =
        can_take_four(a, kept) && can_round_four(rounded) ? launch_width<Activation, 4> : launch_width<Activation, 1>;
    launch_chosen(bias, a, size, static_cast<unsigned>(columns), kept, rounded, stream, limits);
  });
}

}  // namespace gradus::kernels
