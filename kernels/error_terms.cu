// The error terms Δ. Each kernel moves 12 bytes per element, the least there is: two matrices are read and one is written.

#include "activation.cuh"
#include "device.cuh"
#include "launchers.hpp"
#include "reduction.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

template <class Activation, unsigned Width>
__global__ void output_error_kernel(const float* __restrict__ y,  // (size) of all matrices: rows · columns
                                    const float* __restrict__ t, float* __restrict__ delta, std::size_t size,
                                    double* squared_error, SumScratch* scratch) {
  const unsigned stride = grid_stride<Width>();
  double sum = 0.0;
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    const Floats<Width> outputs = load<Width>(y, i, size);
    const Floats<Width> targets = load<Width>(t, i, size);
    Floats<Width> deltas;
    float squares = 0.0F;
    for (unsigned k = 0; k < Width; ++k) {
      const float error = outputs.at[k] - targets.at[k];
      deltas.at[k] = Activation::times_derivative(error, outputs.at[k]);
      squares += error * error;
    }
    store(delta, i, size, deltas);
    sum += static_cast<double>(squares);
  }
  add_to_total(block_sum(sum), squared_error, scratch);
}

template <class Activation, unsigned Width>
__global__ void hidden_error_kernel(const float* __restrict__ y, float* __restrict__ delta, std::size_t size) {
  const unsigned stride = grid_stride<Width>();
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    const Floats<Width> outputs = load<Width>(y, i, size);
    Floats<Width> deltas = load<Width>(delta, i, size);
    for (unsigned k = 0; k < Width; ++k) deltas.at[k] = Activation::times_derivative(deltas.at[k], outputs.at[k]);
    store(delta, i, size, deltas);
  }
}

template <class Activation, unsigned Width>
void launch_output_width(const float* y, const float* t, float* delta, std::size_t size, double* squared_error,
                         SumScratch* scratch, cudaStream_t stream, const GridLimits& limits) {
  launch(output_error_kernel<Activation, Width>,
         {.grid = streaming_blocks(size, Width, limits), .block = limits.block, .stream = stream}, y, t, delta, size,
         squared_error, scratch);
}

template <class Activation, unsigned Width>
void launch_hidden_width(const float* y, float* delta, std::size_t size, cudaStream_t stream, const GridLimits& limits) {
  launch(hidden_error_kernel<Activation, Width>,
         {.grid = streaming_blocks(size, Width, limits), .block = limits.block, .stream = stream}, y, delta, size);
}

}  // namespace

void launch_output_error(ActivationKind activation, const float* y, const float* t, std::size_t rows, std::size_t columns,
                         float* delta, double* squared_error, SumScratch* scratch, cudaStream_t stream, GridLimits limits) {
  check_limits(limits, kSummingGrid.blocks, "launch_output_error: limits");
  const std::size_t size = rows * columns;
  if (size == 0) return;
  with_activation(activation, [&](auto chosen) {
    using Activation = decltype(chosen);
    const auto launch_chosen =
        can_take_four(y, t, delta) ? launch_output_width<Activation, 4> : launch_output_width<Activation, 1>;
    launch_chosen(y, t, delta, size, squared_error, scratch, stream, limits);
  });
}

void launch_hidden_error(ActivationKind activation, const float* y, float* delta, std::size_t rows, std::size_t columns,
                         cudaStream_t stream, GridLimits limits) {
  check_limits(limits, kStreamingGrid.blocks, "launch_hidden_error: limits");
  const std::size_t size = rows * columns;
  if (size == 0 || activation == ActivationKind::identity) return;  // the derivative is 1
  with_activation(activation, [&](auto chosen) {
    using Activation = decltype(chosen);
    const auto launch_chosen =
        can_take_four(y, delta) ? launch_hidden_width<Activation, 4> : launch_hidden_width<Activation, 1>;
    launch_chosen(y, delta, size, stream, limits);
  });
}

}  // namespace gradus::kernels
