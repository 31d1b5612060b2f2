#include "backend/cuda/cuda_optimizer.hpp"

#include <utility>

#include "backend/cuda/functions.hpp"

namespace gradus::internal::cuda {

CudaOptimizer::CudaOptimizer(DeviceMemory& memory, const Gpu& gpu, const OptimizerSettings& settings, ParameterPlan plan)
    : gpu_(gpu),
      settings_(settings),
      plan_(std::move(plan)),
      first_(memory, settings.moments() > 0 ? plan_.size : 0),
      second_(memory, settings.moments() > 1 ? plan_.size : 0),
      progress_(1),
      squares_(settings.kind == Optimizer::lamb ? 2 * plan_.weights.size() : 0) {
  progress_.clear(gpu.stream());
}

OptimizerValues CudaOptimizer::save() const {
  OptimizerValues values;
  kernels::OptimizerProgress progress{};
  gpu_.run([&] {
    for (const Buffer* moment : {&first_, &second_}) {
      if (moment->size() == 0) continue;
      std::vector<float>& host = values.moments.emplace_back(moment->size());
      check(cudaMemcpyAsync(host.data(), moment->data(), moment->size() * sizeof(float), cudaMemcpyDeviceToHost,
                            gpu_.stream()),
            "cudaMemcpyAsync");
    }
    progress_.download({&progress, 1}, gpu_.stream());  // waits for all
  });
  values.steps = settings_.moments() > 1 ? progress.steps : 0;
  return values;
}

void CudaOptimizer::load(const OptimizerValues& values) {
  const kernels::OptimizerProgress progress{values.steps, 0.0};
  std::size_t next = 0;
  gpu_.run([&] {
    for (Buffer* moment : {&first_, &second_}) {
      if (moment->size() == 0) continue;
      check(cudaMemcpyAsync(moment->data(), values.moments[next++].data(), moment->size() * sizeof(float),
                            cudaMemcpyHostToDevice, gpu_.stream()),
            "cudaMemcpyAsync");
    }
    progress_.upload({&progress, 1}, gpu_.stream());  // waits for all
  });
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
