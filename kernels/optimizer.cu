// One step of an optimizer over many parameters at once. Moves 12 bytes per parameter and 8 more for each running value, the
// least there is: all is read, and all but the gradients is written.

#include "device.cuh"
#include "launchers/optimizer.hpp"
#include "optimizer.cuh"
#include "reduction.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// Which of an optimizer's two forms is taken, and for which parameters; as OptimizerStep has it.
struct Form {
  bool decays;
  bool only_directs;
};

/// The gradient as the optimizer takes it: clipped, and with the slopes of the penalties.
__device__ float penalised(const OptimizerSettings& settings, const StepNumbers& step, bool decays, float g, float p) {
  g *= step.gradient_scale;
  if (!decays) return g;
  g = fmaf(settings.l2, p, g);
  return fmaf(settings.l1, p == 0.0F ? 0.0F : copysignf(1.0F, p), g);
}

template <class Rule, unsigned Width>
__global__ void optimizer_kernel(OptimizerSettings settings, Form form, const float* __restrict__ rate,
                                 const OptimizerProgress* __restrict__ progress,
                                 float* __restrict__ gradients,   // (size)
                                 float* __restrict__ parameters,  // (size)
                                 float* __restrict__ first,       // (size), or null
                                 float* __restrict__ second,      // (size), or null
                                 std::size_t size) {
  GRADUS_SHARED(StepNumbers, shared_step);
  if (threadIdx.x == 0) shared_step = numbers_of_step(settings, *rate, progress->squares, progress->steps + 1);
  __syncthreads();
  const StepNumbers step = shared_step;
  const float kept = form.decays ? 1.0F - step.rate * settings.weight_decay : 1.0F;
  const unsigned stride = grid_stride<Width>();
  for (std::size_t i = first_float<Width>(); i < size; i += stride) {
    Floats<Width> slopes = load<Width>(gradients, i, size);
    Floats<Width> values = load<Width>(parameters, i, size);
    Floats<Width> m{};
    Floats<Width> v{};
    if constexpr (Rule::kMoments > 0) m = load<Width>(first, i, size);
    if constexpr (Rule::kMoments > 1) v = load<Width>(second, i, size);
    for (unsigned k = 0; k < Width; ++k) {
      const float g = penalised(settings, step, form.decays, slopes.at[k], values.at[k]);
      const float direction = Rule::direction(settings, step, g, m.at[k], v.at[k]);
      if (form.only_directs)
        slopes.at[k] = fmaf(form.decays ? settings.weight_decay : 0.0F, values.at[k], direction);
      else
        values.at[k] = fmaf(-step.rate, direction, kept * values.at[k]);
    }
    if constexpr (Rule::kMoments > 0) store(first, i, size, m);
    if constexpr (Rule::kMoments > 1) store(second, i, size, v);
    if (form.only_directs)
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

void launch_optimizer(const OptimizerStep& step, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_optimizer: limits");
  if (step.count == 0) return;
  with_optimizer(step.settings.kind, [&](auto rule) {
    using Rule = decltype(rule);
    const bool in_fours = can_take_four(step.gradients, step.parameters, step.first, step.second);
    const unsigned grid = streaming_blocks(step.count, in_fours ? 4 : 1, on.streaming);
    launch(in_fours ? optimizer_kernel<Rule, 4> : optimizer_kernel<Rule, 1>,
           {.grid = grid, .block = on.streaming.block, .stream = on.stream}, step.settings,
           Form{.decays = step.decays, .only_directs = step.only_directs}, step.rate, step.progress, step.gradients,
           step.parameters, step.first, step.second, step.count);
  });
}

void launch_end_of_step(OptimizerProgress* progress, const On& on) {
  launch(end_of_step_kernel, {.grid = 1, .block = 1, .stream = on.stream}, progress);
}

void launch_sum_of_squares(const SquaresSum& sum, const On& on) {
  check_limits(on.summing, kSummingGrid.blocks, "launch_sum_of_squares: limits");
  if (sum.count == 0) return;
  const bool in_fours = can_take_four(sum.values);
  launch(in_fours ? sum_of_squares_kernel<4> : sum_of_squares_kernel<1>,
         {.grid = streaming_blocks(sum.count, 4, on.summing), .block = on.summing.block, .stream = on.stream}, sum.values,
         sum.count, sum.total, on.scratch);
}

}  // namespace gradus::kernels
