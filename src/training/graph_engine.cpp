#include "training/graph_engine.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "layers/initial_values.hpp"

namespace gradus::internal {
namespace {

StepOptions with_scales(StepOptions step, const Preprocessing& preprocessing) {
  if (auto& distortion = step.augmentation.distortion) {
    distortion->input_shift = preprocessing.input_shift;
    distortion->input_scale = preprocessing.input_scale;
  }
  return step;
}

}  // namespace

GraphEngine::GraphEngine(const Plan& plan, const Preprocessing& preprocessing, Backend& backend)
    : plan_(plan),
      backend_(backend),
      parameters_(backend, plan.layers),
      gradients_(backend, plan.has_gradients ? std::span<const LayerSpec>(plan.layers) : std::span<const LayerSpec>()),
      optimizer_(backend.make_optimizer(plan.optimizer, gradients_.plan())),
      propagation_(backend, plan.network, parameters_, plan.rows, Purpose::training, with_scales(plan.step, preprocessing)),
      full_step_(backend.make_repetition()),
      last_step_(backend.make_repetition()) {
  parameters_.upload(backend, initial_values(plan.layers, plan.options.initialization, plan.options.seed));
}

void GraphEngine::begin_epoch(Samples& samples, const SampleOrder& order, std::size_t position) {
  if (order)
    samples.shuffle(*order);
  else if (!has_full_batch_)
    samples.in_order();
  // Samples only move on as they are gathered.
  for (std::size_t done = 0; done < position; done += plan_.rows) {
    const std::size_t rows = std::min(plan_.rows, position - done);
    samples.prepare(rows);
    propagation_.load(samples, rows);
  }
}

/// One step along the next minibatch. The error terms of all its samples need the weights from before the update, so the
/// gradients of a batch that does not fit at once are added up first.
void GraphEngine::step(Samples& samples, std::size_t batch_size) {
  for (std::size_t done = 0; done < batch_size; done += plan_.rows) {
    const std::size_t rows = std::min(plan_.rows, batch_size - done);
    if (!fits_at_once(batch_size)) samples.prepare(rows);
    if (!has_full_batch_) propagation_.load(samples, rows);
    if (!plan_.has_gradients) return propagation_.descend();
    propagation_.accumulate(gradients_, 1.0F / static_cast<float>(batch_size), done == 0 ? 0.0F : 1.0F);
  }
  optimizer_->step(gradients_.all(), parameters_.all());
}

void GraphEngine::take(Samples& samples, std::size_t batch_size, std::span<const float> rates) {
  const bool fits = fits_at_once(batch_size);
  if (fits && !has_full_batch_) {
    samples.prepare(rates.size() * batch_size);
    if (batch_size == plan_.data.samples()) {  // a full batch that fits at once never changes: it is gathered once
      propagation_.load(samples, batch_size);
      has_full_batch_ = true;
    }
  }
  Repetition& repetition = batch_size == plan_.batch_size() ? *full_step_ : *last_step_;
  const auto one_step = [&] { step(samples, batch_size); };
  while (!rates.empty()) {
    const float rate = rates.front();
    if (std::exchange(rate_, rate) != rate) backend_.verbs().set_rate(rate);
    // What is repeated has one rate.
    const auto other = std::find_if(rates.begin() + 1, rates.end(), [rate](float next) { return next != rate; });
    const auto count = static_cast<std::size_t>(other - rates.begin());
    if (fits) repetition.run(count, std::ref(one_step));
    for (std::size_t i = 0; i < count && !fits; ++i) one_step();
    rates = rates.subspan(count);
  }
}

void GraphEngine::restart_optimizer() {
  full_step_ = backend_.make_repetition();  // recorded steps know where the optimizer's values are
  last_step_ = backend_.make_repetition();
  optimizer_ = backend_.make_optimizer(plan_.optimizer, gradients_.plan());
}

LearnerState GraphEngine::save() {
  LearnerState state{.parameters = parameters_.download(backend_)};
  const OptimizerValues values = optimizer_->save();
  for (const auto& moment : values.moments) state.moments.push_back(parameters_.split(moment));
  state.optimizer_steps = values.steps;
  state.draws = propagation_.draws();
  return state;
}

void GraphEngine::load(const LearnerState& state) {
  require_fit(state, plan_.layers, plan_.optimizer.moments());
  parameters_.upload(backend_, state.parameters);
  OptimizerValues values{.moments = {}, .steps = state.optimizer_steps};
  for (const auto& moment : state.moments) values.moments.push_back(parameters_.join(moment));
  optimizer_->load(values);
  propagation_.set_draws(state.draws);
}

}  // namespace gradus::internal
