#include "network/propagation.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace gradus::internal {
namespace {

/// How layer l = 0 … L−1 of these is used.
LayerUse use_of(const NetworkSpec& network, std::size_t l, std::size_t rows, Purpose purpose, const StepOptions& options) {
  const bool is_last = l == layers_of(network).size() - 1;
  LayerUse use{.rows = rows, .purpose = purpose, .loss_reads_kept = is_last && needs_kept(network.loss)};
  const auto number = static_cast<std::uint32_t>(l + 1);
  if (!is_last && options.dropout > 0.0F)
    use.dropout = Dropout{{options.seed, RandomPurpose::dropout, number}, options.dropout};
  return use;
}

}  // namespace

Propagation::Propagation(Backend& backend, const NetworkSpec& network, Parameters& parameters, std::size_t rows,
                         Purpose purpose, StepOptions options)
    : backend_(backend),
      verbs_(backend.verbs()),
      loss_(network),
      options_(std::move(options)),
      inputs_(allocate(rows, network.inputs)),
      targets_(purpose == Purpose::inference ? Matrix{} : allocate(rows, network.outputs)) {
  if (purpose == Purpose::training) allocate_for_training(!network.hidden.empty());
  const std::vector<LayerSpec> specs = layers_of(network);
  for (std::size_t l = 0; l < specs.size(); ++l)
    layers_.push_back(
        make_layer(backend, specs[l], use_of(network, l, rows, purpose, options_), parameters.tensors(l), draws_.get()));
}

Matrix Propagation::allocate(std::size_t rows, std::size_t columns) {
  return {buffers_.emplace_back(backend_, rows * columns).data(), rows, columns};
}

void Propagation::allocate_for_training(bool has_hidden_layers) {
  if (options_.has_weights) weights_ = allocate(rows(), 1).data;
  const bool uses_dropout = options_.dropout > 0.0F && has_hidden_layers;
  if (uses_dropout || options_.augmentation.is_any()) draws_ = backend_.make_draws();
  if (options_.augmentation.is_any())
    augmentation_.emplace(backend_, *draws_, options_.augmentation,
                          Augmentation::Shape{rows(), inputs_.columns, targets_.columns, options_.has_weights});
}

void Propagation::load(Samples& samples, std::size_t count) {
  current_ = count;
  if (augmentation_)
    samples.gather(augmentation_->inputs(current_), augmentation_->targets(targets()));
  else
    samples.gather(inputs_.top(current_), targets());
}

void Propagation::forward() {
  ConstMatrix x = inputs_.top(current_);
  for (const auto& layer : layers_) x = layer->forward(x);
}

double Propagation::classify(std::span<std::int32_t> classes) {
  return verbs_.classify(layers_.back()->outputs(), targets_.top(current_), loss_, classes);
}

template <typename UpdateOf>
void Propagation::step(UpdateOf update_of) {
  if (augmentation_) augmentation_->apply(inputs_.top(current_), targets());
  forward();
  const std::size_t last = layers_.size() - 1;
  const ErrorTerms output = layers_[last]->error_terms(update_of(last));
  verbs_.output_error(layers_[last]->outputs(), targets(), loss_, output.activation, output.delta, output.biases);
  for (std::size_t l = last; l > 0; --l) layers_[l]->backward(layers_[l - 1]->error_terms(update_of(l - 1)));
  if (draws_) draws_->advance(current_);
  for (std::size_t l = 0; l <= last; ++l) layers_[l]->update(update_of(l));
}

void Propagation::descend() {
  step([](std::size_t) { return ParameterUpdate{.kind = ParameterUpdate::Kind::descent}; });
}

void Propagation::accumulate(Parameters& gradients, float alpha, float beta) {
  step([&](std::size_t l) {
    return ParameterUpdate{
        .kind = ParameterUpdate::Kind::gradient, .gradients = gradients.tensors(l), .alpha = alpha, .beta = beta};
  });
}

void Propagation::set_draws(std::uint64_t draws) {
  if (draws_) draws_->load(draws);
}

double Propagation::floats(const NetworkSpec& network, std::size_t rows, Purpose purpose, const StepOptions& options) {
  const auto inputs = static_cast<double>(network.inputs);
  const auto outputs = static_cast<double>(network.outputs);
  double columns = inputs + (purpose == Purpose::inference ? 0.0 : outputs);
  const std::vector<LayerSpec> layers = layers_of(network);
  for (std::size_t l = 0; l < layers.size(); ++l)
    columns += static_cast<double>(floats_per_sample(layers[l], use_of(network, l, rows, purpose, options)));
  if (options.has_weights) columns += options.augmentation.mixup > 0.0 ? 2.0 : 1.0;
  columns += options.augmentation.columns(network.inputs, network.outputs);
  return columns * static_cast<double>(rows);
}

std::size_t rows_at_once(std::span<const std::size_t> widths, std::size_t samples, std::size_t floats) {
  // Below 1024 rows, reading the weights anew would cost more.
  constexpr std::size_t kFewest = 1024;
  const std::size_t columns = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  return std::min(samples, std::max(kFewest, floats / std::max<std::size_t>(columns, 1)));
}

}  // namespace gradus::internal
