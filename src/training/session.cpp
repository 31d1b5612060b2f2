#include "training/session.hpp"

#include <array>
#include <span>
#include <utility>

#include "backend/planning.hpp"

namespace gradus::internal {

std::unique_ptr<Backend> make_backend(const Plan& plan) {
  require_memory(plan);
  return make_backend(plan.options.execution.device, plan.options.execution.precision, plan.options.execution.threads);
}

Session::Session(Plan settled, std::unique_ptr<Backend> device)
    : plan(std::move(settled)),
      backend(std::move(device)),
      preprocessing(learn_preprocessing(plan, *backend)),
      learner(plan, preprocessing, *backend),
      recovery(learner),
      data(plan, preprocessing, *backend),
      cursor(plan),
      learning_rate(plan.options, plan.steps_per_epoch()) {}

std::size_t Session::take_steps(std::size_t most) {
  EpochCursor next = cursor;
  cursor.end_epoch();  // if this throws, the device may be ahead or behind: then the next step begins an epoch
  if (next.is_at_end()) {
    next.begin_epoch();
    learner.begin_epoch(data.samples(), next.order(), 0);
  }
  const std::size_t first_step = next.steps();
  const EpochCursor::Minibatches taken = next.take(most);
  std::array<float, Plan::kMostStepsAtOnce> rates{};
  for (std::size_t i = 0; i < taken.count; ++i) rates[i] = static_cast<float>(learning_rate.at(first_step + i));
  learner.step(data.samples(), taken.size, std::span(rates).first(taken.count));
  cursor = next;
  return taken.size * taken.count;
}

void Session::load(const LearnerState& learnt, const EpochCursor::State& position) {
  learner.load(learnt);
  cursor.load(position);
  if (!cursor.is_at_end()) learner.begin_epoch(data.samples(), cursor.order(), cursor.position());
}

}  // namespace gradus::internal
