#include "backend/cpu/cpu_optimizer.hpp"

#include <algorithm>
#include <utility>

#include "backend/cpu/row_blocks.hpp"

namespace gradus::internal {

CpuOptimizer::CpuOptimizer(DeviceMemory& memory, ThreadPool& pool, const float& rate, const OptimizerSettings& settings,
                           ParameterPlan plan)
    : pool_(pool),
      rate_(rate),
      settings_(settings),
      plan_(std::move(plan)),
      first_(memory, settings.moments() > 0 ? plan_.size : 0),
      second_(memory, settings.moments() > 1 ? plan_.size : 0),
      sums_(pool.threads()) {}

OptimizerValues CpuOptimizer::save() const {
  OptimizerValues values;
  for (const Buffer* moment : {&first_, &second_})
    if (moment->size() > 0) values.moments.emplace_back(moment->data(), moment->data() + moment->size());
  values.steps = settings_.moments() > 1 ? steps_ : 0;
  return values;
}

void CpuOptimizer::load(const OptimizerValues& values) {
  std::size_t next = 0;
  for (Buffer* moment : {&first_, &second_})
    if (moment->size() > 0) std::ranges::copy(values.moments[next++], moment->data());
  steps_ = values.steps;
}

template <typename Work>
void CpuOptimizer::in_parts(std::size_t first, std::size_t size, Work work) {
  for_each_row_block(pool_, size, elements(size),
                     [&](const RowBlock& block) { work(first + block.rows.first, block.rows.size()); });
}

void CpuOptimizer::step(std::span<float> gradients, std::span<float> parameters) {
  if (settings_.is_plain_descent())
    return in_parts(0, plan_.size, [&](std::size_t first, std::size_t size) {
      descend(gradients.data() + first, size, rate_, parameters.data() + first);
    });
  ++steps_;
  const double clipped = settings_.clip_norm > 0.0F ? squares(gradients) : 0.0;
  OptimizerPass pass{.settings = settings_, .step = numbers_of_step(settings_, rate_, clipped, steps_)};
  pass.decays = true;
  take(pass, 0, plan_.decaying_end, gradients, parameters);
  pass.decays = false;
  take(pass, plan_.decaying_end, plan_.size - plan_.decaying_end, gradients, parameters);
  if (settings_.kind == Optimizer::lamb) adapt_lengths(gradients, parameters);
}

void CpuOptimizer::take(const OptimizerPass& pass, std::size_t first, std::size_t size, std::span<float> gradients,
                        std::span<float> parameters) {
  in_parts(first, size, [&](std::size_t part_first, std::size_t part_size) {
    const OptimizerSlice some = slice(part_first, part_size, gradients, parameters);
    if (settings_.kind == Optimizer::lamb && pass.decays)
      optimizer_direction(pass, some);
    else
      optimizer_pass(pass, some);
  });
}

/// LAMB's second pass, for each weight matrix: p −= α ‖p‖/‖r‖ · r, and α r where one of the two norms is 0.
void CpuOptimizer::adapt_lengths(std::span<const float> directions, std::span<float> parameters) {
  for (const auto& [first, size] : plan_.decaying) {
    const double trust = trust_quotient(squares(parameters.subspan(first, size)), squares(directions.subspan(first, size)));
    const auto adapted = static_cast<float>(static_cast<double>(rate_) * trust);
    in_parts(first, size, [&](std::size_t part_first, std::size_t part_size) {
      descend(directions.data() + part_first, part_size, adapted, parameters.data() + part_first);
    });
  }
}

OptimizerSlice CpuOptimizer::slice(std::size_t first, std::size_t size, std::span<float> gradients,
                                   std::span<float> parameters) {
  const auto moment = [first](Buffer& buffer) { return buffer.size() == 0 ? nullptr : buffer.data() + first; };
  return {size, gradients.data() + first, parameters.data() + first, moment(first_), moment(second_)};
}

double CpuOptimizer::squares(std::span<const float> values) {
  const std::size_t tasks = for_each_row_block(pool_, values.size(), elements(values.size()), [&](const RowBlock& block) {
    sums_[block.task] = sum_of_squares(values.subspan(block.rows.first, block.rows.size()));
  });
  double sum = 0.0;
  for (std::size_t task = 0; task < tasks; ++task) sum += sums_[task];
  return sum;
}

}  // namespace gradus::internal
