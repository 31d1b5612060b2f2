#include "gradus/trainer.hpp"

#include <chrono>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "gradus/error.hpp"
#include "gradus/version.hpp"
#include "model/model_state.hpp"
#include "training/trainer_implementation.hpp"

namespace gradus {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Whether a cost is one that a 32-bit float can hold: what is larger has left the arithmetic's range, and is as good as
/// infinite.
bool is_finite_cost(double cost) {
  return std::isfinite(static_cast<float>(cost));
}

}  // namespace

/// Of the samples as they are, and not as training has changed them.
Evaluation Trainer::Implementation::evaluate_training() {
  if (!options.distortions.is_any()) return evaluate(*samples_, data);
  const auto scaled = backend_->hold(prepared_.source(), evaluated_rows_);
  return evaluate(*scaled, data);
}

void Trainer::Implementation::require_parts(const HeldOut& held_out) const {
  for (const auto* part : {&held_out.validation, &held_out.test})
    if (*part) internal::require_evaluable(**part, data.schema());
  if (held_out.validation) return;
  if (options.patience) throw UsageError("patience needs a validation part, by which progress is told");
  if (options.stop_at) throw UsageError("a figure to stop at needs a validation part, of which it is the figure");
}

Trainer::Implementation::Part Trainer::Implementation::hold(const Dataset& part) {
  Part held{part, internal::PreparedSamples(part, data.schema(), preprocessing_), nullptr};
  held.samples = backend_->hold(held.prepared.source(), evaluated_rows_);
  return held;
}

TrainingResult Trainer::Implementation::fit(const HeldOut& held_out, const ProgressCallback& progress,
                                            const std::stop_token& stop) {
  using End = TrainingResult::End;
  require_parts(held_out);
  Run run{progress};
  run.first_epoch = epoch_;
  run.first_step = steps_;
  position_ = data.samples();
  if (held_out.test) run.test.emplace(hold(*held_out.test));
  if (held_out.validation) {
    run.validation.emplace(hold(*held_out.validation));
    run.best.emplace(options.monitor);
    run.best_parameters = internal::Buffer(*backend_, parameters_.all().size());
  }
  static_cast<void>(backend_->take_cost());  // of single steps before
  schedule_begin_ = steps_;
  learning_rate_.begin();

  TrainingResult result;
  result.end = train_epochs(run, stop);
  if (run.best) result.best_epoch = run.best->epoch();
  if (result.best_epoch)
    go_back_to(run.best_parameters);
  else if (result.end == End::diverged)
    return_to_last_finite();
  result.train = evaluate_training();
  if (!is_finite_cost(result.train.cost) && result.end != End::diverged) {  // the last step went too far
    result.end = End::diverged;
    result.best_epoch.reset();
    return_to_last_finite();
    result.train = evaluate_training();
  }
  if (run.validation) result.validation = evaluate(*run.validation);
  if (run.test) result.test = evaluate(*run.test);
  position_ = data.samples();  // the samples are in another order now: a step begins an epoch
  train_cost_ = result.train.cost;
  result.epochs = epoch_ - run.first_epoch;
  result.steps = steps_ - run.first_step;
  result.seconds = run.training_seconds;
  result.samples_per_second = result.seconds > 0.0 ? static_cast<double>(run.samples) / result.seconds : 0.0;
  return result;
}

TrainingResult::End Trainer::Implementation::train_epochs(Run& run, const std::stop_token& stop) {
  using End = TrainingResult::End;
  for (std::size_t i = 0; i < *options.epochs; ++i) {
    if (stop.stop_requested()) return End::stopped;
    const auto epoch_began = Clock::now();
    if (i > 0) std::swap(last_finite_, epoch_start_);  // the epoch before had a finite cost
    keep(epoch_start_);
    const bool whole = train_epoch(stop);
    epoch_cost_ = backend_->take_cost();
    run.training_seconds += seconds_since(epoch_began);
    run.samples += position_;
    const double cost = epoch_cost_ / static_cast<double>(data.samples());
    if (!is_finite_cost(cost)) return End::diverged;
    if (!whole) return End::stopped;
    if (const auto end = end_epoch(run, cost)) return *end;
  }
  return End::finished;
}

/// Looks at what a whole epoch has brought, and tells of it. Returns why the run ends, if it does.
std::optional<TrainingResult::End> Trainer::Implementation::end_epoch(Run& run, double cost) {
  using End = TrainingResult::End;
  std::optional<Evaluation> validation;
  std::optional<End> end;
  if (run.validation) {
    validation = evaluate(*run.validation);
    if (run.best->add(*validation)) keep(run.best_parameters);
    if (options.stop_at && run.best->reaches(*options.stop_at))
      end = End::reached;
    else if (options.patience && run.best->epochs_since() > *options.patience)
      end = End::patience;
  }
  learning_rate_.end_epoch(validation ? run.best->last() : cost);
  if (!report(run, cost, validation)) return End::stopped;
  const bool is_last = epoch_ - run.first_epoch == *options.epochs;
  if (!end && !is_last && options.time_limit && seconds_since(run.start) >= *options.time_limit) end = End::time_limit;
  return end;
}

/// The optimizer begins anew: what it kept of the steps since then, NaN perhaps, does not belong to these parameters.
void Trainer::Implementation::go_back_to(const internal::Buffer& copy) {
  backend_->copy(copy.span(), parameters_.all());
  full_step_.reset();  // remembered steps know where the optimizer's values are
  last_step_.reset();
  optimizer_ = backend_->make_optimizer(optimizer_settings_, gradients_.plan());
}

/// Tells the callback where the run stands. Returns false when it wants to stop.
bool Trainer::Implementation::report(Run& run, double epoch_cost, const std::optional<Evaluation>& validation) {
  if (!run.progress) return true;
  Progress progress;
  progress.epoch = epoch_ - run.first_epoch;
  progress.epochs = *options.epochs;
  progress.steps = steps_ - run.first_step;
  progress.train_cost = epoch_cost;
  progress.learning_rate = static_cast<double>(rate_);
  progress.validation = validation;
  progress.best = run.best && run.best->epochs_since() == 0;
  progress.report = progress.epoch % *options.report_every == 0 || progress.epoch == progress.epochs;
  if (progress.report && run.test) progress.test = evaluate(*run.test);
  progress.seconds = seconds_since(run.start);
  progress.samples_per_second = run.training_seconds > 0.0 ? static_cast<double>(run.samples) / run.training_seconds : 0.0;
  progress.seconds_left =
      progress.seconds / static_cast<double>(progress.epoch) * static_cast<double>(progress.epochs - progress.epoch);
  return run.progress(progress);
}

/// After a divergence: the parameters at the beginning of this epoch if their cost is finite, else those of the epoch
/// before.
void Trainer::Implementation::return_to_last_finite() {
  go_back_to(epoch_start_);
  if (!is_finite_cost(evaluate_training().cost)) go_back_to(last_finite_);
}

std::shared_ptr<const ModelState> Trainer::Implementation::state() const {
  auto state = std::make_shared<ModelState>();
  state->network = network;
  state->schema = data.schema();
  state->preprocessing = preprocessing_;
  state->layers = parameters_.download(*backend_);
  TrainingSummary& training = state->training;
  training.version = version();
  training.samples = data.samples();
  training.epochs = epoch_;
  training.steps = steps_;
  training.batch_size = *options.batch_size;
  training.learning_rate = *options.learning_rate;
  training.train_cost = train_cost_;
  training.seed = options.seed;
  training.initialization = options.initialization.to_string();
  training.normalization = name(preprocessing_.normalization);
  training.optimizer = name(options.optimizer);
  training.device = options.device.to_string();
  training.precision = name(options.precision);
  return state;
}

Trainer::Trainer(const NetworkSpec& network, const Dataset& data, const TrainingOptions& options)
    : implementation_(std::make_unique<Implementation>(network, data.with_missing(options.missing), options)) {}
Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;

const NetworkSpec& Trainer::network() const {
  return implementation_->network;
}
const TrainingOptions& Trainer::options() const {
  return implementation_->options;
}
double Trainer::step() {
  return implementation_->step();
}

TrainingResult Trainer::fit(const HeldOut& held_out, const ProgressCallback& progress, std::stop_token stop) {
  return implementation_->fit(held_out, progress, stop);
}

TrainingResult Trainer::fit(const std::optional<Dataset>& test, const ProgressCallback& progress, std::stop_token stop) {
  return implementation_->fit({.test = test}, progress, stop);
}

Model Trainer::model() const {
  return internal::model_of(implementation_->state());
}

}  // namespace gradus
