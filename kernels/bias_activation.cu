// Y = σ(A + b), between two matrix products. Moves 8 bytes per element, the least there is: A comes from memory and Y goes
// back; 4 more where A + b is kept, and 2 more where Y is also written in bf16.

#include "activation.cuh"
#include "device.cuh"
#include "launchers/layers.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// `stride_columns`: the grid's stride modulo the columns, so that a thread divides once and then only adds.
template <class Function, unsigned Width>
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
    for (float& value : values.at) value = Function::value(value);
    store(a, i, size, values);
    if (rounded != nullptr) store_rounded(rounded, i, size, values);
    column += stride_columns;
    if (column >= columns) column -= columns;
  }
}

template <class Function, unsigned Width>
void launch_width(const BiasActivation& layer, const On& on) {
  const std::size_t size = layer.rows * layer.columns;
  const auto columns = static_cast<unsigned>(layer.columns);
  const unsigned blocks = streaming_blocks(size, Width, on.streaming);
  const unsigned stride_columns = blocks * on.streaming.block * Width % columns;
  launch(bias_activation_kernel<Function, Width>, {.grid = blocks, .block = on.streaming.block, .stream = on.stream},
         layer.a, layer.bias, size, columns, stride_columns, layer.kept, layer.rounded);
}

}  // namespace

void launch_bias_activation(const BiasActivation& layer, const On& on) {
  if (layer.activation == Activation::softmax) return launch_bias_softmax(layer, on);
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_bias_activation: limits");
  check(layer.columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_bias_activation: columns");
  if (layer.rows == 0 || layer.columns == 0) return;
  with_activation(layer.activation, [&](auto function) {
    using Function = decltype(function);
    const bool in_fours = can_take_four(layer.a, layer.kept) && can_round_four(layer.rounded);
    const auto launch_chosen = in_fours ? launch_width<Function, 4> : launch_width<Function, 1>;
    launch_chosen(layer, on);
  });
}

}  // namespace gradus::kernels
