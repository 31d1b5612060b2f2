#include "layers/layer_spec.hpp"

#include <functional>
#include <numeric>

namespace gradus::internal {

std::size_t TensorSpec::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies());
}

std::vector<TensorSpec> LayerSpec::tensors() const {
  switch (kind) {
    case Kind::dense:
      return {{.name = "weight", .shape = {outputs, inputs}, .start = TensorSpec::Start::weights, .decays = true},
              {.name = "bias", .shape = {outputs}, .start = TensorSpec::Start::biases, .decays = false}};
  }
  return {};
}

std::vector<LayerSpec> dense_layers(std::span<const std::size_t> widths) {
  std::vector<LayerSpec> layers;
  for (std::size_t l = 1; l < widths.size(); ++l) layers.push_back({.inputs = widths[l - 1], .outputs = widths[l]});
  return layers;
}

std::vector<LayerSpec> layers_of(const NetworkSpec& network) {
  std::vector<LayerSpec> layers = dense_layers(network.widths());
  for (LayerSpec& layer : layers) layer.activation = network.activation;
  layers.back().activation = network.output_activation.value_or(Activation::identity);
  return layers;
}

}  // namespace gradus::internal
