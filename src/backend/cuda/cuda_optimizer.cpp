#include "backend/cuda/cuda_optimizer.hpp"

#include <utility>

#include "backend/cuda/functions.hpp"

namespace gradus::internal::cuda {

CudaOptimizer::CudaOptimizer(DeviceMemory& memory, const OptimizerSettings& settings, ParameterPlan plan,
                             cudaStream_t stream)
    : settings_(settings),
      plan_(std::move(plan)),
      first_(memory, settings.moments() > 0 ? plan_.size : 0),
      second_(memory, settings.moments() > 1 ? plan_.size : 0),
      progress_(1),
      squares_(settings.kind == Optimizer::lamb ? 2 * plan_.weights.size() : 0) {
  progress_.clear(stream);
}

void CudaOptimizer::step(const float* rate, std::span<float> gradients, std::span<float> parameters,
                         kernels::SumScratch* scratch, cudaStream_t stream, const kernels::GridLimits& streaming,
                         const kernels::GridLimits& summing) {
  if (settings_.is_plain_descent())
    return kernels::launch_descend(gradients.data(), rate, nullptr, parameters.data(), parameters.size(), stream, streaming);
  const bool is_lamb = settings_.kind == Optimizer::lamb;
  if (settings_.clip_norm > 0.0F)
    kernels::launch_sum_of_squares(gradients.data(), gradients.size(), &progress_.data()->squares, scratch, stream, summing);
  const auto take = [&](std::size_t first, std::size_t count, bool are_weights) {
    kernels::OptimizerNumbers numbers = numbers_of(settings_);
    numbers.decays = are_weights;
    numbers.only_directs = is_lamb && are_weights;
    const auto moment = [first](Buffer& buffer) { return buffer.size() == 0 ? nullptr : buffer.data() + first; };
    kernels::launch_optimizer(kind_of(settings_.kind), numbers, rate, progress_.data(), gradients.data() + first,
                              parameters.data() + first, moment(first_), moment(second_), count, stream, streaming);
  };
  take(0, plan_.biases_begin, true);
  take(plan_.biases_begin, plan_.size - plan_.biases_begin, false);
  if (is_lamb) {
    squares_.clear(stream);
    double* squares = squares_.data();
    for (const auto& [first, size] : plan_.weights) {
      kernels::launch_sum_of_squares(parameters.data() + first, size, squares, scratch, stream, summing);
      kernels::launch_sum_of_squares(gradients.data() + first, size, squares + 1, scratch, stream, summing);
      kernels::launch_descend(gradients.data() + first, rate, squares, parameters.data() + first, size, stream, streaming);
      squares += 2;
    }
  }
  const bool counts_steps = settings_.moments() > 1;
  if (counts_steps || settings_.clip_norm > 0.0F) kernels::launch_end_of_step(progress_.data(), stream);
}

}  // namespace gradus::internal::cuda
