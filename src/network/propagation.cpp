#include "network/propagation.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace gradus::internal {
namespace {

struct UsedLayer {
  LayerSpec spec;
  LayerUse use;
};

/// The layers of a network, and how each is used.
std::vector<UsedLayer> used_layers(const NetworkSpec& network, std::size_t rows, Purpose purpose,
                                   const StepOptions& options) {
  std::vector<UsedLayer> layers;
  for (const LayerSpec& spec : layers_of(network)) {
    layers.push_back({spec, {.rows = rows, .purpose = purpose}});
    // The number of a hidden layer, 1 … L−1, is part of what it draws.
    if (options.dropout > 0.0F)
      layers.back().use.dropout =
          Dropout{{options.seed, RandomPurpose::dropout, static_cast<std::uint32_t>(layers.size())}, options.dropout};
  }
  layers.back().use.dropout.reset();
  layers.back().use.loss_reads_kept = needs_kept(network.loss);
  return layers;
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
  const std::vector<UsedLayer> layers = used_layers(network, rows, purpose, options_);
  if (purpose == Purpose::training)
    allocate_for_training(std::ranges::any_of(layers, [](const UsedLayer& layer) { return layer.use.has_dropout(); }));
  for (std::size_t l = 0; l < layers.size(); ++l)
    layers_.push_back(make_layer(backend, layers[l].spec, layers[l].use, parameters.tensors(l), draws_.get()));
}

Matrix Propagation::allocate(std::size_t rows, std::size_t columns) {
  return {buffers_.emplace_back(backend_, rows * columns).data(), rows, columns};
}

void Propagation::allocate_for_training(bool has_dropout) {
  if (options_.has_weights) weights_ = allocate(rows(), 1).data;
  if (has_dropout || options_.augmentation.is_any()) draws_ = backend_.make_draws();
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
  for (const auto& [spec, use] : used_layers(network, rows, purpose, options))
    columns += static_cast<double>(floats_per_sample(spec, use));
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
