#include "gradus/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "data/preprocessing.hpp"
#include "data/wording.hpp"
#include "gradus/error.hpp"
#include "gradus/version.hpp"
#include "model/initial_values.hpp"
#include "model/model_state.hpp"
#include "support/memory.hpp"
#include "training/best_epoch.hpp"
#include "training/inference.hpp"
#include "training/learning_rate.hpp"
#include "training/propagation.hpp"
#include "training/resolve.hpp"
#include "training/sample_weights.hpp"
#include "training/samples.hpp"

namespace gradus {

using internal::Parameters;
using internal::Propagation;

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

/// How many steps to begin before anybody looks whether the run shall stop: steps of small batches are so short that a GPU
/// would wait for the next.
std::size_t steps_at_once(std::size_t batch_size) {
  constexpr std::size_t kSamples = 4096;
  constexpr std::size_t kMost = 64;
  return std::clamp<std::size_t>(kSamples / batch_size, 1, kMost);
}

/// Throws OutOfMemory where a run cannot fit. In double: the widths may be anything.
void require_training_memory(const NetworkSpec& network, const TrainingOptions& options,
                             const internal::OptimizerSettings& optimizer, const internal::StepOptions& step,
                             std::size_t threads, std::size_t rows, std::size_t evaluation_rows) {
  const std::size_t parameters = network.parameter_count();
  // On the host the initial values, and on the device parameters, gradients, two copies to go back to, and running values.
  auto floats = static_cast<double>(parameters);
  if (options.device.kind == Device::Kind::cpu)
    floats += (4.0 + static_cast<double>(optimizer.moments())) * static_cast<double>(parameters) +
              Propagation::floats(network, rows, Propagation::Purpose::training, step) +
              static_cast<double>(threads) * step.augmentation.scratch() +
              Propagation::floats(network, evaluation_rows, Propagation::Purpose::evaluation);
  const double bytes = std::min(floats * static_cast<double>(sizeof(float)), 0x1p62);
  internal::require_memory(static_cast<std::size_t>(bytes),
                           fmt::format("training a network of {} parameters", internal::grouped(parameters)));
}

/// What steps do beside what the network says. `preprocessing`: of the inputs, which distorted images need.
internal::StepOptions step_options(const TrainingOptions& options, std::size_t inputs, bool has_weights,
                                   const internal::Preprocessing& preprocessing) {
  internal::StepOptions step{static_cast<float>(options.dropout), options.seed, has_weights};
  step.augmentation = {.seed = options.seed, .mixup = options.mixup, .input_noise = static_cast<float>(options.input_noise)};
  if (options.distortions.is_any())
    step.augmentation.distortion = {
        internal::distortion_of(options.distortions, options.image_size.value(), inputs, options.seed),
        preprocessing.input_shift, preprocessing.input_scale};
  return step;
}

}  // namespace

struct Trainer::Implementation {
  Implementation(const NetworkSpec& spec, const Dataset& train, const TrainingOptions& given);

  double step();
  TrainingResult fit(const HeldOut& held_out, const ProgressCallback& progress, const std::stop_token& stop);
  [[nodiscard]] std::shared_ptr<const ModelState> state() const;

 private:
  /// A part that is measured and never learnt from.
  struct Part {
    const Dataset& data;
    internal::PreparedSamples prepared;
    std::unique_ptr<internal::Samples> samples;
  };

  /// What a run needs beside the trainer's own state.
  struct Run {
    const ProgressCallback& progress;
    std::optional<Part> validation = std::nullopt;
    std::optional<Part> test = std::nullopt;
    std::optional<internal::BestEpoch> best = std::nullopt;  // with a validation part
    internal::Buffer best_parameters = {};
    Clock::time_point start = Clock::now();
    std::size_t first_epoch = 0;
    std::size_t first_step = 0;
    std::size_t samples = 0;  // visited
    double training_seconds = 0.0;
  };

  [[nodiscard]] std::unique_ptr<internal::Backend> make_backend_for_training() const;
  void require_parts(const HeldOut& held_out) const;
  Part hold(const Dataset& data);
  Evaluation evaluate(Part& part) { return evaluate(*part.samples, part.data); }
  TrainingResult::End train_epochs(Run& run, const std::stop_token& stop);
  std::optional<TrainingResult::End> end_epoch(Run& run, double cost);
  void begin_epoch();
  void use_rate_of(std::size_t step);
  void take_steps(std::size_t batch, std::size_t count);
  void take_step_in_parts(std::size_t batch);
  void take_minibatches(std::size_t most);
  bool train_epoch(const std::stop_token& stop);
  bool report(Run& run, double epoch_cost, const std::optional<Evaluation>& validation);
  void keep(internal::Buffer& copy) { backend_->copy(parameters_.all(), copy.span()); }
  void go_back_to(const internal::Buffer& copy);
  void return_to_last_finite();
  Evaluation evaluate_training();
  Evaluation evaluate(internal::Samples& held, const Dataset& part) {
    return internal::evaluate(*backend_, evaluation_, held, preprocessing_, part);
  }

 public:
  Dataset data;
  NetworkSpec network;
  TrainingOptions options;

 private:
  std::vector<float> weights_;  // of the samples, or none
  std::vector<std::size_t> widths_;
  internal::OptimizerSettings optimizer_settings_;
  std::size_t rows_;            // of the batch at once
  std::size_t steps_at_once_;   // that may be begun without looking up
  std::size_t evaluated_rows_;  // of the data at once
  std::unique_ptr<internal::Backend> backend_;
  Parameters parameters_;
  bool has_gradients_;    // or each step is folded into the products that would make them
  Parameters gradients_;  // without layers where there are none
  std::unique_ptr<internal::OptimizerState> optimizer_;
  internal::LearningRate learning_rate_;
  float rate_ = 0.0F;               // that the backend has; 0 before the first step
  std::size_t schedule_begin_ = 0;  // the step from which the schedule counts
  // Where a diverging run goes back to: the parameters at the beginning of this epoch, and of the last one whose cost was
  // finite. On the device.
  internal::Buffer epoch_start_;
  internal::Buffer last_finite_;
  internal::Preprocessing preprocessing_;
  Propagation propagation_;
  Propagation evaluation_;
  internal::PreparedSamples prepared_;
  std::unique_ptr<internal::Samples> samples_;       // not scaled where steps scale what they have distorted
  std::unique_ptr<internal::Repetition> full_step_;  // of a minibatch
  std::unique_ptr<internal::Repetition> last_step_;  // of what is left for the last minibatch of an epoch

  std::size_t epoch_ = 0;  // epochs begun
  std::size_t position_;   // samples of this epoch that were visited
  std::size_t steps_ = 0;
  double epoch_cost_ = 0.0;  // the sum over the samples visited in this epoch
  bool loaded_ = false;      // whether the whole data set lies in the propagation already
  double train_cost_ = std::numeric_limits<double>::quiet_NaN();
};

Trainer::Implementation::Implementation(const NetworkSpec& spec, const Dataset& train, const TrainingOptions& given)
    : data(train),
      network(internal::resolve_network(spec, train.schema())),
      options(internal::resolve_options(given, network, train)),
      weights_(internal::sample_weights(data, options.class_weights)),
      widths_(network.widths()),
      optimizer_settings_(options),
      rows_(internal::rows_at_once(widths_, *options.batch_size, internal::floats_at_once(options.device))),
      steps_at_once_(steps_at_once(*options.batch_size)),
      evaluated_rows_(internal::evaluation_rows(widths_, train.samples(), options.device)),
      backend_(make_backend_for_training()),
      parameters_(*backend_, widths_),
      has_gradients_(rows_ < *options.batch_size || !optimizer_settings_.is_plain_descent()),
      gradients_(*backend_, has_gradients_ ? std::span<const std::size_t>(widths_) : std::span<const std::size_t>()),
      optimizer_(backend_->make_optimizer(optimizer_settings_, gradients_.plan())),
      learning_rate_(options, (train.samples() + *options.batch_size - 1) / *options.batch_size),
      epoch_start_(*backend_, parameters_.all().size()),
      last_finite_(*backend_, parameters_.all().size()),
      preprocessing_(internal::learn_preprocessing(
          train, options.normalization,
          [&] {
            const auto rows = internal::sample_rows(data);
            return backend_->column_statistics(internal::input_source(data, rows));
          },
          options.distortions.is_any())),
      propagation_(*backend_, network, parameters_, rows_, Propagation::Purpose::training,
                   step_options(options, network.inputs, !weights_.empty(), preprocessing_)),
      evaluation_(*backend_, network, parameters_, evaluated_rows_, internal::purpose_of_evaluation(train.task())),
      prepared_(data, data.schema(), preprocessing_, weights_),
      samples_(backend_->hold(options.distortions.is_any() ? prepared_.unscaled_source() : prepared_.source(),
                              std::max(steps_at_once_ * rows_, evaluated_rows_))),
      position_(data.samples()) {  // the first step begins an epoch
  options.threads = backend_->threads();
  parameters_.upload(*backend_, internal::initial_values(network, options.initialization, options.seed));
  keep(last_finite_);
}

/// Refuses a run that cannot fit, before the first allocation.
std::unique_ptr<internal::Backend> Trainer::Implementation::make_backend_for_training() const {
  const internal::StepOptions step = step_options(options, network.inputs, !weights_.empty(), {});
  const std::size_t threads =
      internal::useful_threads(widths_, rows_, options.threads, step.augmentation.operations(network.inputs));
  require_training_memory(network, options, optimizer_settings_, step, threads, rows_, evaluated_rows_);
  return internal::make_backend(options.device, options.precision, threads);
}

/// Of the samples as they are, and not as training has changed them.
Evaluation Trainer::Implementation::evaluate_training() {
  if (!options.distortions.is_any()) return evaluate(*samples_, data);
  const auto scaled = backend_->hold(prepared_.source(), evaluated_rows_);
  return evaluate(*scaled, data);
}

void Trainer::Implementation::begin_epoch() {
  // Partners of mixtures are in the same part of a batch: a full batch in the order of the data would mix neighbours alone.
  if (*options.batch_size < data.samples() || (options.mixup > 0.0 && rows_ < data.samples()))
    samples_->shuffle({options.seed, internal::RandomPurpose::sample_order, static_cast<std::uint32_t>(epoch_)});
  else if (!loaded_)
    samples_->in_order();
  ++epoch_;
  position_ = 0;
  epoch_cost_ = 0.0;
}

/// As many minibatches as there are left in the epoch, and at most `most`; at least one.
void Trainer::Implementation::take_minibatches(std::size_t most) {
  if (position_ == data.samples()) begin_epoch();
  // Should anything be thrown, the device may be ahead or not: then the next step begins an epoch.
  const std::size_t position = std::exchange(position_, data.samples());
  const bool was_loaded = std::exchange(loaded_, false);
  const std::size_t left = data.samples() - position;
  const std::size_t batch = std::min(*options.batch_size, left);
  std::size_t count = 1;
  if (batch <= rows_) {
    count = std::min(most, left / batch);
    const bool is_all = batch == data.samples();
    if (!is_all || !was_loaded) samples_->prepare(count * batch);
    // A full batch that fits at once never changes: it is gathered once.
    if (is_all && !was_loaded) propagation_.load(*samples_, batch);
    take_steps(batch, count);
    loaded_ = is_all;
  } else {
    take_step_in_parts(batch);
  }
  position_ = position + count * batch;
  steps_ += count;
}

void Trainer::Implementation::use_rate_of(std::size_t step) {
  const auto rate = static_cast<float>(learning_rate_.at(step));
  if (std::exchange(rate_, rate) != rate) backend_->set_rate(rate);
}

/// Of a batch that fits at once.
void Trainer::Implementation::take_steps(std::size_t batch, std::size_t count) {
  const auto step = [&] {
    if (batch < data.samples()) propagation_.load(*samples_, batch);
    if (!has_gradients_) return propagation_.descend();
    propagation_.accumulate(gradients_, 1.0F / static_cast<float>(batch), 0.0F);
    backend_->optimizer_step(*optimizer_, gradients_.all(), parameters_.all());
  };
  auto& repetition = batch == *options.batch_size ? full_step_ : last_step_;
  const std::size_t first = steps_ - schedule_begin_;
  // What is repeated has one rate.
  const std::size_t at_once = learning_rate_.changes_within_epochs() ? 1 : count;
  for (std::size_t done = 0; done < count; done += at_once) {
    use_rate_of(first + done);
    backend_->repeat(repetition, at_once, std::ref(step));
  }
}

/// The error terms of all parts need the weights from before the update, so the gradients are collected first.
void Trainer::Implementation::take_step_in_parts(std::size_t batch) {
  use_rate_of(steps_ - schedule_begin_);
  for (std::size_t done = 0; done < batch; done += rows_) {
    const std::size_t part = std::min(rows_, batch - done);
    samples_->prepare(part);
    propagation_.load(*samples_, part);
    propagation_.accumulate(gradients_, 1.0F / static_cast<float>(batch), done == 0 ? 0.0F : 1.0F);
  }
  backend_->optimizer_step(*optimizer_, gradients_.all(), parameters_.all());
}

double Trainer::Implementation::step() {
  const std::size_t before = position_ == data.samples() ? 0 : position_;
  take_minibatches(1);
  const double cost = backend_->take_cost();
  epoch_cost_ += cost;
  return cost / static_cast<double>(position_ - before);
}

/// Returns false when it was asked to stop.
bool Trainer::Implementation::train_epoch(const std::stop_token& stop) {
  do {
    take_minibatches(steps_at_once_);
    if (stop.stop_requested()) return false;
  } while (position_ < data.samples());
  return true;
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
    : implementation_(std::make_unique<Implementation>(network, data, options)) {}
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
  return Model(implementation_->state());
}

}  // namespace gradus
