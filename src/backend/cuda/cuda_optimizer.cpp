#include "backend/cuda/cuda_optimizer.hpp"

#include <utility>

namespace gradus::internal::cuda {

CudaOptimizer::CudaOptimizer(DeviceMemory& memory, const CudaDevice& device, const float* rate,
                             const OptimizerSettings& settings, ParameterPlan plan)
    : device_(device),
      rate_(rate),
      settings_(settings),
      plan_(std::move(plan)),
      first_(memory, settings.moments() > 0 ? plan_.size : 0),
      second_(memory, settings.moments() > 1 ? plan_.size : 0),
      progress_(1),
      squares_(settings.kind == Optimizer::lamb ? 2 * plan_.decaying.size() : 0) {
  progress_.clear(device.stream());
}

OptimizerValues CudaOptimizer::save() const {
  OptimizerValues values;
  kernels::OptimizerProgress progress{};
  device_.run([&] {
    for (const Buffer* moment : {&first_, &second_}) {
      if (moment->size() == 0) continue;
      std::vector<float>& host = values.moments.emplace_back(moment->size());
      check(cudaMemcpyAsync(host.data(), moment->data(), moment->size() * sizeof(float), cudaMemcpyDeviceToHost,
                            device_.stream()),
            "cudaMemcpyAsync");
    }
    progress_.download({&progress, 1}, device_.stream());  // waits for all
  });
  values.steps = settings_.moments() > 1 ? progress.steps : 0;
  return values;
}

void CudaOptimizer::load(const OptimizerValues& values) {
  const kernels::OptimizerProgress progress{values.steps, 0.0};
  std::size_t next = 0;
  device_.run([&] {
    for (Buffer* moment : {&first_, &second_}) {
      if (moment->size() == 0) continue;
      check(cudaMemcpyAsync(moment->data(), values.moments[next++].data(), moment->size() * sizeof(float),
                            cudaMemcpyHostToDevice, device_.stream()),
            "cudaMemcpyAsync");
    }
    progress_.upload({&progress, 1}, device_.stream());  // waits for all
  });
}

void CudaOptimizer::step(std::span<float> gradients, std::span<float> parameters) {
  device_.run([&] {
    take_step(gradients, parameters);
    device_.round_twins(parameters);
  });
}

void CudaOptimizer::take_step(std::span<float> gradients, std::span<float> parameters) {
  const kernels::On& on = device_.on();
  if (settings_.is_plain_descent())
    return kernels::launch_descend(
        {.gradients = gradients.data(), .rate = rate_, .parameters = parameters.data(), .count = parameters.size()}, on);
  const bool is_lamb = settings_.kind == Optimizer::lamb;
  if (settings_.clip_norm > 0.0F)
    kernels::launch_sum_of_squares(
        {.values = gradients.data(), .count = gradients.size(), .total = &progress_.data()->squares}, on);
  const auto take = [&](std::size_t first, std::size_t count, bool are_weights) {
    const auto moment = [first](Buffer& buffer) { return buffer.size() == 0 ? nullptr : buffer.data() + first; };
    kernels::launch_optimizer({.settings = settings_,
                               .decays = are_weights,
                               .only_directs = is_lamb && are_weights,
                               .rate = rate_,
                               .progress = progress_.data(),
                               .gradients = gradients.data() + first,
                               .parameters = parameters.data() + first,
                               .first = moment(first_),
                               .second = moment(second_),
                               .count = count},
                              on);
  };
  take(0, plan_.decaying_end, true);
  take(plan_.decaying_end, plan_.size - plan_.decaying_end, false);
  if (is_lamb) adapt_lengths(gradients, parameters);
  const bool counts_steps = settings_.moments() > 1;
  if (counts_steps || settings_.clip_norm > 0.0F) kernels::launch_end_of_step(progress_.data(), on);
}

void CudaOptimizer::adapt_lengths(std::span<float> directions, std::span<float> parameters) {
  const kernels::On& on = device_.on();
  squares_.clear(on.stream);
  double* squares = squares_.data();
  for (const auto& [first, size] : plan_.decaying) {
    const float* const direction = directions.data() + first;
    float* const weights = parameters.data() + first;
    kernels::launch_sum_of_squares({.values = weights, .count = size, .total = squares}, on);
    kernels::launch_sum_of_squares({.values = direction, .count = size, .total = squares + 1}, on);
    kernels::launch_descend(
        {.gradients = direction, .rate = rate_, .squares = squares, .parameters = weights, .count = size}, on);
    squares += 2;
  }
}

}  // namespace gradus::internal::cuda
