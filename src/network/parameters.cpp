#include "network/parameters.hpp"

#include <algorithm>

namespace gradus::internal {
namespace {

/// Every tensor begins at a cache line.
std::size_t aligned(std::size_t floats) {
  constexpr std::size_t kLine = 64 / sizeof(float);
  return (floats + kLine - 1) / kLine * kLine;
}

}  // namespace

Parameters::Parameters(Backend& backend, std::span<const std::size_t> widths) {
  std::size_t end = 0;
  for (std::size_t l = 1; l < widths.size(); ++l) {
    layers_.push_back({widths[l], widths[l - 1], end, 0});
    end += aligned(widths[l] * widths[l - 1]);
  }
  biases_begin_ = end;
  for (Layer& layer : layers_) {
    layer.biases = end;
    end += aligned(layer.outputs);
  }
  buffer_ = Buffer(backend, end);
}

ParameterPlan Parameters::plan() const {
  ParameterPlan plan;
  for (const Layer& layer : layers_) plan.weights.push_back({layer.weights, layer.outputs * layer.inputs});
  plan.biases_begin = biases_begin_;
  plan.size = buffer_.size();
  return plan;
}

Matrix Parameters::weights(std::size_t layer) {
  const Layer& place = layers_[layer - 1];
  return {buffer_.data() + place.weights, place.outputs, place.inputs};
}

std::span<float> Parameters::biases(std::size_t layer) {
  const Layer& place = layers_[layer - 1];
  return {buffer_.data() + place.biases, place.outputs};
}

void Parameters::upload(Backend& backend, std::span<const LayerParameters> layers) {
  for (std::size_t l = 1; l <= layers_.size(); ++l) {
    backend.upload(layers[l - 1].weights, weights(l).data);
    backend.upload(layers[l - 1].biases, biases(l).data());
  }
}

std::vector<LayerParameters> Parameters::download(Backend& backend) const {
  std::vector<float> values(buffer_.size());
  backend.download(buffer_.data(), values);
  return split(values);
}

std::vector<LayerParameters> Parameters::split(std::span<const float> values) const {
  const auto copied = [values](std::size_t first, std::size_t size) {
    const auto some = values.subspan(first, size);
    return std::vector<float>(some.begin(), some.end());
  };
  std::vector<LayerParameters> layers;
  for (const Layer& layer : layers_)
    layers.push_back({copied(layer.weights, layer.outputs * layer.inputs), copied(layer.biases, layer.outputs)});
  return layers;
}

std::vector<float> Parameters::join(std::span<const LayerParameters> layers) const {
  std::vector<float> values(buffer_.size());
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    std::ranges::copy(layers[l].weights, values.begin() + static_cast<std::ptrdiff_t>(layers_[l].weights));
    std::ranges::copy(layers[l].biases, values.begin() + static_cast<std::ptrdiff_t>(layers_[l].biases));
  }
  return values;
}

}  // namespace gradus::internal
