#include "network/propagation.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace gradus::internal {
namespace {

/// Whether A_l, or ln Y_l of softmax, is cached beside the outputs of layer l = 1 … L: its derivative or loss needs it.
bool caches(const NetworkSpec& network, std::size_t l, Propagation::Purpose purpose) {
  const bool is_last = l == network.hidden.size() + 1;
  const Activation activation = is_last ? network.output_activation.value() : network.activation;
  if (is_last && needs_kept(network.loss)) return purpose != Propagation::Purpose::inference;
  return derivative_needs_input(activation) && purpose == Propagation::Purpose::training;
}

}  // namespace

Propagation::Propagation(Backend& backend, const NetworkSpec& network, Parameters& parameters, std::size_t rows,
                         Purpose purpose, StepOptions options)
    : backend_(backend),
      dense_(backend.dense()),
      parameters_(parameters),
      hidden_activation_(network.activation),
      output_activation_(network.output_activation.value()),
      loss_(network),
      rows_(rows),
      options_(std::move(options)) {
  const std::vector<std::size_t> widths = network.widths();
  for (std::size_t l = 0; l < widths.size(); ++l) {
    activations_.push_back(allocate(widths[l]));
    cached_.push_back(l > 0 && caches(network, l, purpose) ? allocate(widths[l]) : Matrix{nullptr, 0, widths[l]});
  }
  if (purpose != Purpose::inference) targets_ = allocate(widths.back());
  if (purpose == Purpose::training) allocate_for_training(network);
}

Matrix Propagation::allocate(std::size_t columns) {
  Buffer& buffer = buffers_.emplace_back(backend_, rows_ * columns);
  return {buffer.data(), rows_, columns};
}

void Propagation::allocate_for_training(const NetworkSpec& network) {
  const std::vector<std::size_t> widths = network.widths();
  errors_.emplace_back();  // the input has no error term
  for (std::size_t l = 1; l < widths.size(); ++l) errors_.push_back(allocate(widths[l]));
  if (options_.has_weights) weights_ = allocate(1).data;
  const bool uses_dropout = options_.dropout > 0.0F && !network.hidden.empty();
  if (uses_dropout || options_.augmentation.is_any()) draws_ = backend_.make_draws();
  if (options_.augmentation.is_any())
    augmentation_.emplace(backend_, *draws_, options_.augmentation,
                          Augmentation::Shape{rows_, widths.front(), widths.back(), options_.has_weights});
  if (!uses_dropout) return;
  dropout_outputs_.emplace_back();  // inputs have no dropout
  dropout_factors_.emplace_back();
  for (const std::size_t width : network.hidden) {
    dropout_outputs_.push_back(allocate(width));
    dropout_factors_.push_back(allocate(width));
  }
}

void Propagation::load(Samples& samples, std::size_t count) {
  current_ = count;
  if (augmentation_)
    samples.gather(augmentation_->inputs(current_), augmentation_->targets(targets()));
  else
    samples.gather(activations_[0].top(current_), targets());
}

void Propagation::forward() {
  for (std::size_t l = 1; l <= layers(); ++l) {
    dense_.forward(inputs_from(l - 1), parameters_.weights(l), parameters_.biases(l), activation(l), outputs_of(l));
    if (has_dropout() && l < layers())
      draws_->drop(dropout(l), outputs_of(l).y, dropout_outputs_[l].top(current_), dropout_factors_[l].top(current_));
  }
}

double Propagation::classify(std::span<std::int32_t> classes) {
  return dense_.classify(outputs_of(layers()), targets_.top(current_), loss_, classes);
}

template <typename BiasesOf>
void Propagation::backward(BiasesOf biases_of) {
  if (augmentation_) augmentation_->apply(activations_[0].top(current_), targets());
  forward();
  dense_.output_error(outputs_of(layers()), targets(), loss_, activation(layers()), errors_.back().top(current_),
                      biases_of(layers()));
  for (std::size_t l = layers() - 1; l >= 1; --l)
    dense_.hidden_error(errors_[l + 1].top(current_), parameters_.weights(l + 1), argument(l), activation(l),
                        errors_[l].top(current_), biases_of(l));
  if (draws_) draws_->advance(current_);
}

void Propagation::descend() {
  backward([&](std::size_t l) { return BiasUpdate::descent(parameters_.biases(l)); });
  for (std::size_t l = 1; l <= layers(); ++l)
    dense_.descend(inputs_from(l - 1), errors_[l].top(current_), parameters_.weights(l));
}

void Propagation::accumulate(Parameters& gradients, float alpha, float beta) {
  backward([&](std::size_t l) { return BiasUpdate::gradient(gradients.biases(l), alpha, beta); });
  for (std::size_t l = 1; l <= layers(); ++l)
    dense_.gradient(inputs_from(l - 1), errors_[l].top(current_), alpha, beta, gradients.weights(l));
}

void Propagation::set_draws(std::uint64_t draws) {
  if (draws_) draws_->load(draws);
}

double Propagation::floats(const NetworkSpec& network, std::size_t rows, Purpose purpose, const StepOptions& options) {
  const std::vector<std::size_t> widths = network.widths();
  double columns = purpose == Purpose::inference ? 0.0 : static_cast<double>(widths.back());  // targets
  for (std::size_t l = 0; l < widths.size(); ++l) {
    const int matrices =
        1 + (purpose == Purpose::training && l > 0 ? 1 : 0) + (l > 0 && caches(network, l, purpose) ? 1 : 0);
    columns += matrices * static_cast<double>(widths[l]);
  }
  if (options.has_weights) columns += options.augmentation.mixup > 0.0 ? 2.0 : 1.0;
  columns += options.augmentation.columns(widths.front(), widths.back());
  if (options.dropout > 0.0F)
    for (const std::size_t width : network.hidden) columns += 2.0 * static_cast<double>(width);
  return columns * static_cast<double>(rows);
}

std::size_t rows_at_once(std::span<const std::size_t> widths, std::size_t samples, std::size_t floats) {
  // Below 1024 rows, reading the weights anew would cost more.
  constexpr std::size_t kFewest = 1024;
  const std::size_t columns = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  return std::min(samples, std::max(kFewest, floats / std::max<std::size_t>(columns, 1)));
}

}  // namespace gradus::internal
