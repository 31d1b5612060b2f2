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
#include "training/inference.hpp"
#include "training/propagation.hpp"
#include "training/resolve.hpp"
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

/// Refuses a run that cannot fit, before the first allocation. In double: the widths may be anything.
void require_training_memory(const std::vector<std::size_t>& widths, std::size_t parameters, std::size_t rows,
                             std::size_t evaluation_rows, Device device) {
  // On the host the initial values, and on the device parameters, gradients and two copies to go back to.
  auto floats = static_cast<double>(parameters);
  if (device.kind == Device::Kind::cpu)
    floats += 4.0 * static_cast<double>(parameters) + Propagation::floats(widths, rows, Propagation::Purpose::training) +
              Propagation::floats(widths, evaluation_rows, Propagation::Purpose::evaluation);
  const double bytes = std::min(floats * static_cast<double>(sizeof(float)), 0x1p62);
  internal::require_memory(static_cast<std::size_t>(bytes),
                           fmt::format("training a network of {} parameters", internal::grouped(parameters)));
}

}  // namespace

struct Trainer::Implementation {
  Implementation(const NetworkSpec& spec, const Dataset& train, const TrainingOptions& given);

  double step();
  TrainingResult fit(const std::optional<Dataset>& test, const ProgressCallback& progress, const std::stop_token& stop);
  [[nodiscard]] std::shared_ptr<const ModelState> state() const;

 private:
  /// What a run needs beside the trainer's own state.
  struct Run {
    const std::optional<Dataset>& test;
    const ProgressCallback& progress;
    std::vector<std::uint32_t> test_rows = {};
    std::unique_ptr<internal::Samples> test_samples = nullptr;
    Clock::time_point start = Clock::now();
    std::size_t first_epoch = 0;
    std::size_t first_step = 0;
    std::size_t samples = 0;  // visited
    double training_seconds = 0.0;
  };

  void begin_epoch();
  void take_minibatches(std::size_t most);
  bool train_epoch(const std::stop_token& stop);
  bool report(Run& run, double epoch_cost);
  void keep(internal::Buffer& copy) { backend_->copy(parameters_.all(), copy.span()); }
  void go_back_to(const internal::Buffer& copy) { backend_->copy(copy.span(), parameters_.all()); }
  void return_to_last_finite();
  Evaluation evaluate_training() { return evaluate(*samples_, data); }
  Evaluation evaluate(internal::Samples& held, const Dataset& part) {
    return internal::evaluate(*backend_, evaluation_, held, preprocessing_, part);
  }

 public:
  Dataset data;
  NetworkSpec network;
  TrainingOptions options;

 private:
  std::vector<std::size_t> widths_;
  std::size_t rows_;            // of the batch at once
  std::size_t steps_at_once_;   // that may be begun without looking up
  std::size_t evaluated_rows_;  // of the data at once
  std::unique_ptr<internal::Backend> backend_;
  Parameters parameters_;
  Parameters gradients_;  // used when a batch is larger than what is taken at once; else without layers
  // Where a diverging run goes back to: the parameters at the beginning of this epoch, and of the last one whose cost was
  // finite. On the device.
  internal::Buffer epoch_start_;
  internal::Buffer last_finite_;
  Propagation propagation_;
  Propagation evaluation_;
  std::vector<std::uint32_t> sample_rows_;  // where the data set's samples lie
  internal::Preprocessing preprocessing_;
  std::unique_ptr<internal::Samples> samples_;
  std::unique_ptr<internal::Repetition> full_step_;  // of a minibatch
  std::unique_ptr<internal::Repetition> last_step_;  // of what is left for the last minibatch of an epoch

  std::size_t epoch_ = 0;  // epochs begun
  std::size_t position_;   // samples of this epoch that were visited
  std::size_t steps_ = 0;
  double epoch_error_ = 0.0;  // Σ (y − t)² over the samples visited in this epoch
  bool loaded_ = false;       // whether the whole data set lies in the propagation already
  double train_cost_ = std::numeric_limits<double>::quiet_NaN();
};

Trainer::Implementation::Implementation(const NetworkSpec& spec, const Dataset& train, const TrainingOptions& given)
    : data(train),
      network(internal::resolve_network(spec, train.schema())),
      options(internal::resolve_options(given, network, train)),

      widths_(network.widths()),
      rows_(internal::rows_at_once(widths_, *options.batch_size, internal::floats_at_once(options.device))),
      steps_at_once_(steps_at_once(*options.batch_size)),
      evaluated_rows_(internal::evaluation_rows(widths_, train.samples(), options.device)),
      backend_((require_training_memory(widths_, network.parameter_count(), rows_, evaluated_rows_, options.device),
                internal::make_backend(options.device, options.precision,
                                       internal::useful_threads(widths_, rows_, options.threads)))),
      parameters_(*backend_, widths_),
      gradients_(*backend_,
                 rows_ < *options.batch_size ? std::span<const std::size_t>(widths_) : std::span<const std::size_t>()),
      epoch_start_(*backend_, parameters_.all().size()),
      last_finite_(*backend_, parameters_.all().size()),
      propagation_(*backend_, network, parameters_, rows_, Propagation::Purpose::training),
      evaluation_(*backend_, network, parameters_, evaluated_rows_, internal::purpose_of_evaluation(train.task())),
      sample_rows_(internal::sample_rows(data)),
      preprocessing_(internal::learn_preprocessing(
          train, options.normalization,
          [&] { return backend_->column_statistics(internal::input_source(data, sample_rows_)); })),
      samples_(backend_->hold(internal::sample_source(data, sample_rows_, preprocessing_),
                              std::max(steps_at_once_ * rows_, evaluated_rows_))),
      position_(data.samples()) {  // the first step begins an epoch
  options.threads = backend_->threads();
  parameters_.upload(*backend_, internal::initial_values(network, options.initialization, options.seed));
  keep(last_finite_);
  backend_->set_rate(static_cast<float>(*options.learning_rate));
}

void Trainer::Implementation::begin_epoch() {
  if (*options.batch_size < data.samples())
    samples_->shuffle({options.seed, internal::RandomPurpose::sample_order, static_cast<std::uint32_t>(epoch_)});
  else if (!loaded_)
    samples_->in_order();
  ++epoch_;
  position_ = 0;
  epoch_error_ = 0.0;
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
    // A full batch that fits at once never changes: it is gathered once.
    const bool is_all = batch == data.samples();
    if (!is_all || !was_loaded) samples_->prepare(count * batch);
    if (is_all && !was_loaded) propagation_.load(*samples_, batch);
    const auto step = [&] {
      if (!is_all) propagation_.load(*samples_, batch);
      propagation_.descend();
    };
    backend_->repeat(batch == *options.batch_size ? full_step_ : last_step_, count, std::ref(step));
    loaded_ = is_all;
  } else {
    // The error terms of all parts need the weights from before the update, so the gradients are collected first.
    for (std::size_t done = 0; done < batch; done += rows_) {
      const std::size_t part = std::min(rows_, batch - done);
      samples_->prepare(part);
      propagation_.load(*samples_, part);
      propagation_.accumulate(gradients_, 1.0F / static_cast<float>(batch), done == 0 ? 0.0F : 1.0F);
    }
    backend_->optimizer_step(gradients_.all(), parameters_.all());
  }
  position_ = position + count * batch;
  steps_ += count;
}

double Trainer::Implementation::step() {
  const std::size_t before = position_ == data.samples() ? 0 : position_;
  take_minibatches(1);
  const double error = backend_->take_squared_error();
  epoch_error_ += error;
  return error / (2.0 * static_cast<double>(position_ - before));
}

/// Returns false when it was asked to stop.
bool Trainer::Implementation::train_epoch(const std::stop_token& stop) {
  do {
    take_minibatches(steps_at_once_);
    if (stop.stop_requested()) return false;
  } while (position_ < data.samples());
  return true;
}

TrainingResult Trainer::Implementation::fit(const std::optional<Dataset>& test, const ProgressCallback& progress,
                                            const std::stop_token& stop) {
  using End = TrainingResult::End;
  if (test) internal::require_evaluable(*test, data.schema());
  TrainingResult result;
  Run run{test, progress};
  run.first_epoch = epoch_;
  run.first_step = steps_;
  position_ = data.samples();
  if (test) {
    run.test_rows = internal::sample_rows(*test);
    run.test_samples = backend_->hold(internal::sample_source(*test, run.test_rows, preprocessing_), evaluated_rows_);
  }
  static_cast<void>(backend_->take_squared_error());  // of single steps before
  for (std::size_t i = 0; i < *options.epochs && result.end == End::finished; ++i) {
    if (stop.stop_requested()) {
      result.end = End::stopped;
      break;
    }
    const auto epoch_began = Clock::now();
    if (i > 0) std::swap(last_finite_, epoch_start_);  // the epoch before had a finite cost
    keep(epoch_start_);
    const bool whole = train_epoch(stop);
    epoch_error_ = backend_->take_squared_error();
    run.training_seconds += seconds_since(epoch_began);
    run.samples += position_;
    const double cost = epoch_error_ / (2.0 * static_cast<double>(data.samples()));
    if (!is_finite_cost(cost))
      result.end = End::diverged;
    else if (!whole || !report(run, cost))
      result.end = End::stopped;
  }

  if (result.end == End::diverged) return_to_last_finite();
  result.train = evaluate_training();
  if (!is_finite_cost(result.train.cost) && result.end != End::diverged) {  // the last step went too far
    result.end = End::diverged;
    return_to_last_finite();
    result.train = evaluate_training();
  }
  if (test) result.test = evaluate(*run.test_samples, *test);
  position_ = data.samples();  // the samples are in another order now: a step begins an epoch
  train_cost_ = result.train.cost;
  result.epochs = epoch_ - run.first_epoch;
  result.steps = steps_ - run.first_step;
  result.seconds = run.training_seconds;
  result.samples_per_second = result.seconds > 0.0 ? static_cast<double>(run.samples) / result.seconds : 0.0;
  return result;
}

/// Tells the callback where the run stands. Returns false when it wants to stop.
bool Trainer::Implementation::report(Run& run, double epoch_cost) {
  if (!run.progress) return true;
  Progress progress;
  progress.epoch = epoch_ - run.first_epoch;
  progress.epochs = *options.epochs;
  progress.steps = steps_ - run.first_step;
  progress.train_cost = epoch_cost;
  progress.report = progress.epoch % *options.report_every == 0 || progress.epoch == progress.epochs;
  if (progress.report && run.test) progress.test = evaluate(*run.test_samples, *run.test);
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

TrainingResult Trainer::fit(const std::optional<Dataset>& test, const ProgressCallback& progress, std::stop_token stop) {
  return implementation_->fit(test, progress, stop);
}

Model Trainer::model() const {
  return Model(implementation_->state());
}

}  // namespace gradus
