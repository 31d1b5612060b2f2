#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "base/memory.hpp"
#include "base/wording.hpp"
#include "model/initial_values.hpp"
#include "options/resolve.hpp"
#include "training/sample_weights.hpp"
#include "training/trainer_implementation.hpp"

namespace gradus {

using internal::Propagation;

namespace {

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
                           fmt::format("training a network of {} parameters", internal::with_separators(parameters)));
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
          options.distortions.is_any() ? internal::InputPlaces::exchanged : internal::InputPlaces::fixed)),
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

}  // namespace gradus
