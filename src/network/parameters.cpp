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

Parameters::Parameters(Backend& backend, std::span<const LayerSpec> layers) : layers_(layers.size()) {
  std::size_t end = 0;
  std::vector<std::vector<std::size_t>> places(layers.size());
  for (const bool decays : {true, false}) {
    if (!decays) decaying_ = end;
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const std::vector<TensorSpec> tensors = layers[l].tensors();
      places[l].resize(tensors.size());
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i].decays != decays) continue;
        places[l][i] = end;
        end += aligned(tensors[i].size());
      }
    }
  }
  buffer_ = Buffer(backend, end);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const std::vector<TensorSpec> tensors = layers[l].tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i)
      layers_[l].push_back({buffer_.data() + places[l][i], tensors[i].rows(), tensors[i].size() / tensors[i].rows()});
  }
}

ParameterPlan Parameters::plan() const {
  ParameterPlan plan;
  for (const auto& layer : layers_)
    for (const Matrix& tensor : layer)
      if (first(tensor) < decaying_) plan.decaying.push_back({first(tensor), tensor.size()});
  plan.decaying_end = decaying_;
  plan.size = buffer_.size();
  return plan;
}

void Parameters::upload(Backend& backend, std::span<const LayerParameters> layers) {
  for (std::size_t l = 0; l < layers_.size(); ++l)
    for (std::size_t i = 0; i < layers_[l].size(); ++i) backend.upload(layers[l][i], layers_[l][i].data);
}

std::vector<LayerParameters> Parameters::download(Backend& backend) const {
  std::vector<float> values(buffer_.size());
  backend.download(buffer_.data(), values);
  return split(values);
}

std::vector<LayerParameters> Parameters::split(std::span<const float> values) const {
  std::vector<LayerParameters> layers;
  for (const auto& layer : layers_) {
    LayerParameters& parameters = layers.emplace_back();
    for (const Matrix& tensor : layer) {
      const auto some = values.subspan(first(tensor), tensor.size());
      parameters.emplace_back(some.begin(), some.end());
    }
  }
  return layers;
}

std::vector<float> Parameters::join(std::span<const LayerParameters> layers) const {
  std::vector<float> values(buffer_.size());
  for (std::size_t l = 0; l < layers_.size(); ++l)
    for (std::size_t i = 0; i < layers_[l].size(); ++i)
      std::ranges::copy(layers[l][i], values.begin() + static_cast<std::ptrdiff_t>(first(layers_[l][i])));
  return values;
}

}  // namespace gradus::internal
