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
#include "training/sample_order.hpp"
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

/// Refuses a run that cannot fit, before the first allocation. In double: the widths may be anything.
void require_training_memory(const std::vector<std::size_t>& widths, std::size_t parameters, std::size_t rows,
                             std::size_t evaluation_rows, Device device) {
  // On the host the initial values and two copies to go back to, and on the device parameters and gradients.
  double floats = 3.0 * static_cast<double>(parameters);
  if (device.kind == Device::Kind::cpu)
    floats += 2.0 * static_cast<double>(parameters) + Propagation::floats(widths, rows, Propagation::Purpose::training) +
              Propagation::floats(widths, evaluation_rows, Propagation::Purpose::inference);
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
    Clock::time_point start = Clock::now();
    std::size_t first_epoch = 0;
    std::size_t first_step = 0;
    std::size_t samples = 0;  // visited
    double training_seconds = 0.0;
  };

  void begin_epoch();
  void take_minibatch();
  bool train_epoch(const std::stop_token& stop);
  bool report(Run& run, double epoch_cost);
  void keep_last_finite();
  Evaluation evaluate_on(const Dataset& part) { return internal::evaluate(*backend, evaluation, preprocessing, part); }

 public:
  Dataset data;
  NetworkSpec network;
  TrainingOptions options;

 private:
  internal::Preprocessing preprocessing;
  std::vector<std::size_t> widths;
  std::size_t rows;            // of the batch at once
  std::size_t evaluated_rows;  // of the data at once
  std::unique_ptr<internal::Backend> backend;
  Parameters parameters;
  Parameters gradients;  // used when a batch is larger than what is taken at once; else without layers
  Propagation propagation;
  Propagation evaluation;
  std::unique_ptr<internal::Samples> samples;
  std::unique_ptr<internal::Repetition> full_step;  // of a minibatch
  std::unique_ptr<internal::Repetition> last_step;  // of what is left for the last minibatch of an epoch
  internal::SampleOrder order;

  std::size_t epoch = 0;     // epochs begun
  std::size_t position = 0;  // samples of this epoch that were visited
  std::size_t steps = 0;
  double epoch_error = 0.0;  // Σ (y − t)² over the samples visited in this epoch
  bool loaded = false;       // whether the whole data set lies in the propagation already
  double train_cost = std::numeric_limits<double>::quiet_NaN();

  // Where a diverging run goes back to: the parameters at the beginning of this epoch, and of the last one whose cost was
  // finite.
  std::vector<float> epoch_start;
  std::vector<float> last_finite;
};

Trainer::Implementation::Implementation(const NetworkSpec& spec, const Dataset& train, const TrainingOptions& given)
    : data(train),
      network(internal::resolve_network(spec, train.schema())),
      options(internal::resolve_options(given, network, train)),
      preprocessing(internal::learn_preprocessing(train, options.normalization)),
      widths(network.widths()),
      rows(internal::rows_at_once(widths, *options.batch_size, internal::floats_at_once(options.device))),
      evaluated_rows(internal::evaluation_rows(widths, train.samples(), options.device)),
      backend((require_training_memory(widths, network.parameter_count(), rows, evaluated_rows, options.device),
               internal::make_backend(options.device, options.precision,
                                      internal::useful_threads(widths, rows, options.threads)))),
      parameters(*backend, widths),
      gradients(*backend,
                rows < *options.batch_size ? std::span<const std::size_t>(widths) : std::span<const std::size_t>()),
      propagation(*backend, network, parameters, rows, Propagation::Purpose::training),
      evaluation(*backend, network, parameters, evaluated_rows, Propagation::Purpose::inference),
      samples(backend->hold(internal::sample_source(data, preprocessing))),
      order(internal::sample_rows(data), options.seed, *options.batch_size < data.samples()) {
  options.threads = backend->threads();
  parameters.upload(*backend, internal::initial_values(network, options.initialization, options.seed));
  epoch_start.resize(parameters.all().size());
  last_finite.resize(parameters.all().size());
  backend->download(parameters.all().data(), last_finite);
  backend->set_rate(static_cast<float>(*options.learning_rate));
  position = data.samples();  // the first step begins an epoch
}

void Trainer::Implementation::begin_epoch() {
  order.begin_epoch(epoch);
  samples->set_order(order.all());
  ++epoch;
  position = 0;
  epoch_error = 0.0;
}

void Trainer::Implementation::take_minibatch() {
  if (position == data.samples()) begin_epoch();
  const std::size_t batch = std::min(*options.batch_size, data.samples() - position);
  if (batch <= rows) {
    // A full batch that fits at once never changes: it is gathered once.
    const bool is_all = batch == data.samples();
    if (is_all && !loaded) propagation.load(*samples, batch);
    loaded = is_all;
    const auto step = [&] {
      if (!is_all) propagation.load(*samples, batch);
      propagation.backward();
      propagation.descend();
    };
    backend->repeat(batch == *options.batch_size ? full_step : last_step, std::ref(step));
  } else {
    // The error terms of all parts need the weights from before the update, so the gradients are collected first.
    for (std::size_t done = 0; done < batch; done += rows) {
      propagation.load(*samples, std::min(rows, batch - done));
      propagation.backward();
      propagation.accumulate(gradients, 1.0F / static_cast<float>(batch), done == 0 ? 0.0F : 1.0F);
    }
    backend->optimizer_step(gradients.all(), parameters.all());
  }
  position += batch;
  ++steps;
}

double Trainer::Implementation::step() {
  const std::size_t before = position == data.samples() ? 0 : position;
  take_minibatch();
  const double error = backend->take_squared_error();
  epoch_error += error;
  return error / (2.0 * static_cast<double>(position - before));
}

/// Returns false when it was asked to stop.
bool Trainer::Implementation::train_epoch(const std::stop_token& stop) {
  do {
    take_minibatch();
    if (stop.stop_requested()) return false;
  } while (position < data.samples());
  return true;
}

TrainingResult Trainer::Implementation::fit(const std::optional<Dataset>& test, const ProgressCallback& progress,
                                            const std::stop_token& stop) {
  using End = TrainingResult::End;
  if (test) internal::require_evaluable(*test, data.schema());
  TrainingResult result;
  Run run{test, progress};
  run.first_epoch = epoch;
  run.first_step = steps;
  position = data.samples();
  static_cast<void>(backend->take_squared_error());  // of single steps before
  for (std::size_t i = 0; i < *options.epochs && result.end == End::finished; ++i) {
    if (stop.stop_requested()) {
      result.end = End::stopped;
      break;
    }
    const auto epoch_began = Clock::now();
    if (i > 0) std::swap(last_finite, epoch_start);  // the epoch before had a finite cost
    backend->download(parameters.all().data(), epoch_start);
    const bool whole = train_epoch(stop);
    epoch_error = backend->take_squared_error();
    run.training_seconds += seconds_since(epoch_began);
    run.samples += position;
    if (!is_finite_cost(epoch_error / (2.0 * static_cast<double>(data.samples())))) {
      result.end = End::diverged;
    } else if (!whole) {
      result.end = End::stopped;
    } else if (!report(run, epoch_error / (2.0 * static_cast<double>(data.samples())))) {
      result.end = End::stopped;
    }
  }

  if (result.end == End::diverged) keep_last_finite();
  result.train = evaluate_on(data);
  if (!is_finite_cost(result.train.cost) && result.end != End::diverged) {  // the last step went too far
    result.end = End::diverged;
    keep_last_finite();
    result.train = evaluate_on(data);
  }
  if (test) result.test = evaluate_on(*test);
  train_cost = result.train.cost;
  result.epochs = epoch - run.first_epoch;
  result.steps = steps - run.first_step;
  result.seconds = run.training_seconds;
  result.samples_per_second = result.seconds > 0.0 ? static_cast<double>(run.samples) / result.seconds : 0.0;
  return result;
}

/// Tells the callback where the run stands. Returns false when it wants to stop.
bool Trainer::Implementation::report(Run& run, double epoch_cost) {
  if (!run.progress) return true;
  Progress progress;
  progress.epoch = epoch - run.first_epoch;
  progress.epochs = *options.epochs;
  progress.steps = steps - run.first_step;
  progress.train_cost = epoch_cost;
  progress.report = progress.epoch % *options.report_every == 0 || progress.epoch == progress.epochs;
  if (progress.report && run.test) progress.test = evaluate_on(*run.test);
  progress.seconds = seconds_since(run.start);
  progress.samples_per_second = run.training_seconds > 0.0 ? static_cast<double>(run.samples) / run.training_seconds : 0.0;
  progress.seconds_left =
      progress.seconds / static_cast<double>(progress.epoch) * static_cast<double>(progress.epochs - progress.epoch);
  return run.progress(progress);
}

/// After a divergence: the parameters at the beginning of this epoch if their cost is finite, else those of the epoch
/// before.
void Trainer::Implementation::keep_last_finite() {
  backend->upload(epoch_start, parameters.all().data());
  if (!is_finite_cost(evaluate_on(data).cost)) backend->upload(last_finite, parameters.all().data());
}

std::shared_ptr<const ModelState> Trainer::Implementation::state() const {
  auto state = std::make_shared<ModelState>();
  state->network = network;
  state->schema = data.schema();
  state->preprocessing = preprocessing;
  state->layers = parameters.download(*backend);
  TrainingSummary& training = state->training;
  training.version = version();
  training.samples = data.samples();
  training.epochs = epoch;
  training.steps = steps;
  training.batch_size = *options.batch_size;
  training.learning_rate = *options.learning_rate;
  training.train_cost = train_cost;
  training.seed = options.seed;
  training.initialization = options.initialization.to_string();
  training.normalization = name(preprocessing.normalization);
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
