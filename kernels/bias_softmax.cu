// Y = softmax(A + b), row by row. Moves 8 bytes per element, the least there is, where a row stays in the first cache: it is
// read three times; 4 more where ln Y is kept, and 2 more where Y is also written in bf16. A warp takes a row, since the
// output layer has few columns and many rows.

#include <limits>

#include "device.cuh"
#include "launchers/layers.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// The greater, and NaN where one is NaN.
__device__ float greater_or_nan(float a, float b) {
  return b > a || b != b ? b : a;
}

__global__ void bias_softmax_kernel(float* __restrict__ a,           // (rows, columns): A, becomes Y
                                    const float* __restrict__ bias,  // (columns)
                                    std::size_t rows, unsigned columns,
                                    float* __restrict__ kept,      // (rows, columns) or null
                                    Bf16* __restrict__ rounded) {  // (rows, columns) or null
  const unsigned thread = blockIdx.x * blockDim.x + threadIdx.x;
  const unsigned lane = thread % kWarp;
  const std::size_t stride = gridDim.x * blockDim.x / kWarp;
  for (std::size_t row = thread / kWarp; row < rows; row += stride) {  // the same for the whole warp
    float* const values = a + row * columns;
    float greatest = -kInfinity;
    for (unsigned j = lane; j < columns; j += kWarp) greatest = greater_or_nan(greatest, values[j] + bias[j]);
    for (unsigned distance = kWarp / 2; distance > 0; distance /= 2)
      greatest = greater_or_nan(greatest, __shfl_xor_sync(kFullMask, greatest, static_cast<int>(distance)));
    // Each element is rounded as the CPU rounds it, and the sum is a double's.
    double sum = 0.0;
    for (unsigned j = lane; j < columns; j += kWarp) sum += static_cast<double>(expf(values[j] + bias[j] - greatest));
    for (unsigned distance = kWarp / 2; distance > 0; distance /= 2)
      sum += __shfl_xor_sync(kFullMask, sum, static_cast<int>(distance));
    const auto inverse = static_cast<float>(1.0 / sum);
    const auto logarithm = static_cast<float>(log(sum));
    for (unsigned j = lane; j < columns; j += kWarp) {
      const float shifted = values[j] + bias[j] - greatest;
      const float y = expf(shifted) * inverse;
      values[j] = y;
      if (kept != nullptr) kept[row * columns + j] = shifted - logarithm;
      if (rounded != nullptr) rounded[row * columns + j] = round_to_bf16(y);
    }
  }
}

}  // namespace

void launch_bias_softmax(const BiasActivation& layer, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_bias_softmax: limits");
  check(layer.columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_bias_softmax: columns");
  if (layer.rows == 0 || layer.columns == 0) return;
  const unsigned grid = streaming_blocks(layer.rows * kWarp, 1, on.streaming);
  launch(bias_softmax_kernel, {.grid = grid, .block = on.streaming.block, .stream = on.stream}, layer.a, layer.bias,
         layer.rows, static_cast<unsigned>(layer.columns), layer.kept, layer.rounded);
}

}  // namespace gradus::kernels
