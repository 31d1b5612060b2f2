#include "model/model_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "gradus/error.hpp"
#include "layers/layer_spec.hpp"
#include "model/description.hpp"
#include "model/json.hpp"
#include "model/safetensors.hpp"

namespace gradus {
namespace internal {
namespace {

/// What a model file calls a tensor of layer l = 0 … L−1.
std::string tensor_name(std::size_t l, const TensorSpec& tensor) {
  return fmt::format("layers.{}.{}", l, tensor.name);
}

/// Moves the tensors into the layers that the network has.
void take_layers(Safetensors& file, ModelState& state, std::string_view source) {
  const std::vector<LayerSpec> layers = layers_of(state.network);
  std::size_t expected = 0;
  for (const LayerSpec& layer : layers) expected += layer.tensors().size();
  if (file.tensors.size() != expected)
    fail_model(source, fmt::format("it has {} tensors, and a network of {} layers has {}", file.tensors.size(),
                                   layers.size(), expected));
  std::map<std::string_view, Safetensors::Tensor*> by_name;
  for (auto& tensor : file.tensors) by_name.emplace(tensor.name, &tensor);
  const auto take = [&](const std::string& wanted, const std::vector<std::size_t>& shape) {
    const auto found = by_name.find(wanted);
    if (found == by_name.end()) fail_model(source, fmt::format("the tensor '{}' is missing", wanted));
    if (found->second->shape != shape)
      fail_model(source, fmt::format("the tensor '{}' does not have the shape that the network needs", wanted));
    if (!std::ranges::all_of(found->second->values, [](float value) { return std::isfinite(value); }))
      fail_model(source, fmt::format("the tensor '{}' holds NaN or infinity", wanted));
    return std::move(found->second->values);
  };
  for (std::size_t l = 0; l < layers.size(); ++l) {
    if (layers[l].inputs == 0 || layers[l].outputs == 0) fail_model(source, "a layer has no units");
    LayerParameters& parameters = state.layers.emplace_back();
    for (const TensorSpec& tensor : layers[l].tensors()) parameters.push_back(take(tensor_name(l, tensor), tensor.shape));
  }
}

}  // namespace

void write_model(const std::filesystem::path& path, const ModelState& state) {
  std::vector<TensorView> tensors;
  const std::vector<LayerSpec> layers = layers_of(state.network);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const std::vector<TensorSpec> specs = layers[l].tensors();
    for (std::size_t i = 0; i < specs.size(); ++i)
      tensors.push_back({tensor_name(l, specs[i]), specs[i].shape, state.layers[l][i]});
  }
  try {
    write_safetensors(path, description_of(state), tensors);
  } catch (const Json::exception& error) {
    throw UsageError(fmt::format("{}: a name in this model is not UTF-8 text ({})", path.string(), error.what()));
  }
}

namespace {

std::shared_ptr<const ModelState> model_from(Safetensors file, std::string_view source) {
  auto state = std::make_shared<ModelState>();
  try {
    read_description(file.metadata, source, *state);
    take_layers(file, *state, source);
  } catch (const FormatError& error) {
    if (std::string_view(error.what()).starts_with(source)) throw;
    fail_model(source, error.what());
  } catch (const Json::exception& error) {
    fail_model(source, fmt::format("its description cannot be read ({})", error.what()));
  } catch (const std::out_of_range&) {
    fail_model(source, "its description is incomplete");
  }
  return state;
}

/// A newer format may differ in everything but these two keys, so they are looked at first.
MetadataCheck format_check(std::string_view source) {
  return [source](const Description& description) { check_format(description, source); };
}

}  // namespace

std::shared_ptr<const ModelState> read_model(const std::filesystem::path& path) {
  const std::string source = path.string();
  return model_from(read_safetensors(path, format_check(source)), source);
}

std::shared_ptr<const ModelState> parse_model(std::string_view bytes, std::string_view source) {
  return model_from(parse_safetensors(bytes, source, format_check(source)), source);
}

}  // namespace internal

Model::Model(std::shared_ptr<const ModelState> state) : state_(std::move(state)) {}

Model Model::load(const std::filesystem::path& path) {
  return Model(internal::read_model(path));
}

void Model::save(const std::filesystem::path& path) const {
  internal::write_model(path, *state_);
}

const NetworkSpec& Model::network() const& {
  return state_->network;
}
NetworkSpec Model::network() const&& {
  return state_->network;
}
const DataSchema& Model::schema() const& {
  return state_->schema;
}
DataSchema Model::schema() const&& {
  return state_->schema;
}
const TrainingSummary& Model::training() const& {
  return state_->training;
}
TrainingSummary Model::training() const&& {
  return state_->training;
}
namespace {

/// One tensor of the model's dense layer number `layer`.
const std::vector<float>& dense_tensor(const ModelState& state, std::size_t layer, std::size_t tensor) {
  const std::vector<internal::LayerSpec> layers = internal::layers_of(state.network);
  std::size_t dense = 0;
  for (std::size_t l = 0; l < layers.size(); ++l)
    if (layers[l].kind == internal::LayerSpec::Kind::dense && dense++ == layer) return state.layers[l][tensor];
  throw UsageError(fmt::format("there is no layer {}; the model has {} layers", layer, dense));
}

}  // namespace

std::span<const float> Model::weights(std::size_t layer) const& {
  return dense_tensor(*state_, layer, internal::DenseTensors::kWeight);
}
std::vector<float> Model::weights(std::size_t layer) const&& {
  return dense_tensor(*state_, layer, internal::DenseTensors::kWeight);
}
std::span<const float> Model::biases(std::size_t layer) const& {
  return dense_tensor(*state_, layer, internal::DenseTensors::kBias);
}
std::vector<float> Model::biases(std::size_t layer) const&& {
  return dense_tensor(*state_, layer, internal::DenseTensors::kBias);
}

}  // namespace gradus
