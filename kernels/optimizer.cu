// One step of an optimizer over many parameters at once. Moves 12 bytes per parameter and 8 more for each running value, the
// least there is: all is read, and all but the gradients is written.

#include "device.cuh"
#include "launchers.hpp"
#include "optimizer.cuh"
#include "reduction.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// 1 / (1 − βᵗ).
__device__ float correction(float beta, unsigned long long t) {
  return static_cast<float>(-1.0 / expm1(static_cast<double>(t) * log(static_cast<double>(beta))));
}

/// Of this step; thread 0 of each block finds it for the others.
__device__ StepNumbers numbers_of_step(const OptimizerNumbers& numbers, const float* rate,
                                       const OptimizerProgress* progress) {
  StepNumbers step;
  step.rate = *rate;
  if (numbers.clip_norm > 0.0F) {
    const double norm = sqrt(progress->squares);
    if (norm > static_cast<double>(numbers.clip_norm))
      step.gradient_scale = static_cast<float>(static_cast<double>(numbers.clip_norm) / norm);
  }
  step.correction1 = correction(numbers.beta1, progress->steps + 1);
  step.correction2 = correction(numbers.beta2, progress->steps + 1);
  return step;
}

/// The gradient as the optimizer takes it: clipped, and with the slopes of the penalties.
__device__ float penalised(const OptimizerNumbers& numbers, const StepNumbers& step, float g, float p) {
  g *= step.gradient_scale;
  if (!numbers.decays) return g;
  g = fmaf(numbers.l2, p, g);
  return fmaf(numbers.l1, p == 0.0F ? 0.0F : copysignf(1.0F, p), g);
}

template <class Optimizer, unsigned Width>
__global__ void optimizer_kernel(OptimizerNumbers numbers, const float* __restrict__ rate,
                                 const OptimizerProgress* __restrict__ progress,
                                 float* __restrict__ gradients,   // (size)
                                 float* __restrict__ parameters,  // (size)
                                 float* __restrict__ first,       // (size), or null
                                 float* __restrict__ second,      // (size), or null
                                 std::size_t size) {
  GRADUS_SHARED(StepNumbers, shared_step);
  if (threadIdx.x == 0) shared_step = numbers_of_step(numbers, rate, progress);
  __syncthreads();
  const StepNumbers step = shared_step;
  const float kept = numbers.decays ? 1.0F - step.rate * numbers.weight_decay : 1.0F;
  const unsigned stride = grid_stride<Width>();
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    Floats<Width> slopes = load<Width>(gradients, i, size);
    Floats<Width> values = load<Width>(parameters, i, size);
    Floats<Width> m{};
    Floats<Width> v{};
    if constexpr (Optimizer::kMoments > 0) m = load<Width>(first, i, size);
    if constexpr (Optimizer::kMoments > 1) v = load<Width>(second, i, size);
    for (unsigned k = 0; k < Width; ++k) {
      const float g = penalised(numbers, step, slopes.at[k], values.at[k]);
      const float direction = Optimizer::direction(numbers, step, g, m.at[k], v.at[k]);
      if (numbers.only_directs)
        slopes.at[k] = fmaf(numbers.decays ? numbers.weight_decay : 0.0F, values.at[k], direction);
      else
        values.at[k] = fmaf(-step.rate, direction, kept * values.at[k]);
    }
    if constexpr (Optimizer::kMoments > 0) store(first, i, size, m);
    if constexpr (Optimizer::kMoments > 1) store(second, i, size, v);
    if (numbers.only_directs)
      store(gradients, i, size, slopes);
    else
      store(parameters, i, size, values);
  }
}

__global__ void end_of_step_kernel(OptimizerProgress* progress) {
  ++progress->steps;
  progress->squares = 0.0;
}

template <unsigned Width>
__global__ void sum_of_squares_kernel(const float* __restrict__ values,  // (size)
                                      std::size_t size, double* total, SumScratch* scratch) {
  const unsigned stride = grid_stride<Width>();
  double sum = 0.0;
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    const Floats<Width> some = load<Width>(values, i, size);
    for (unsigned k = 0; k < Width; ++k) {
      const auto value = static_cast<double>(some.at[k]);
      sum = fma(value, value, sum);  // by name, so that the bits are the same everywhere
    }
  }
  add_to_total(block_sum(sum), total, scratch);
}

}  // namespace

void launch_optimizer(OptimizerKind optimizer, const OptimizerNumbers& numbers, const float* rate,
                      const OptimizerProgress* progress, float* gradients, float* parameters, float* first, float* second,
                      std::size_t count, cudaStream_t stream, GridLimits limits) {
  check_limits(limits, kStreamingGrid.blocks, "launch_optimizer: limits");
  if (count == 0) return;
  with_optimizer(optimizer, [&](auto chosen) {
    using Optimizer = decltype(chosen);
    const bool in_fours = can_take_four(gradients, parameters, first, second);
    launch(in_fours ? optimizer_kernel<Optimizer, 4> : optimizer_kernel<Optimizer, 1>,
           {.grid = streaming_blocks(count, in_fours ? 4 : 1, limits), .block = limits.block, .stream = stream}, numbers,
           rate, progress, gradients, parameters, first, second, count);
  });
}

void launch_end_of_step(OptimizerProgress* progress, cudaStream_t stream) {
  launch(end_of_step_kernel, {.grid = 1, .block = 1, .stream = stream}, progress);
}

void launch_sum_of_squares(const float* values, std::size_t count, double* total, SumScratch* scratch, cudaStream_t stream,
                           GridLimits limits) {
  check_limits(limits, kSummingGrid.blocks, "launch_sum_of_squares: limits");
  if (count == 0) return;
  const bool in_fours = can_take_four(values);
  launch(in_fours ? sum_of_squares_kernel<4> : sum_of_squares_kernel<1>,
         {.grid = streaming_blocks(count, 4, limits), .block = limits.block, .stream = stream}, values, count, total,
         scratch);
}

}  // namespace gradus::kernels
