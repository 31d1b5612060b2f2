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
#include "model/json.hpp"
#include "model/safetensors.hpp"

namespace gradus {
namespace internal {
namespace {

constexpr int kFormatVersion = 1;

template <typename Enum>
Enum choice(const Json& json, const char* key, std::string_view source) {
  const auto text = json.at(key).get<std::string>();
  const auto value = from_name<Enum>(text);
  if (!value) fail_model(source, fmt::format("its {} '{}' is unknown to this version of Gradus", key, text));
  return *value;
}

/// A whole number of at least 0; anything else in the file is refused, not converted.
std::size_t count(const Json& json) {
  if (!json.is_number_unsigned()) throw FormatError(fmt::format("{} is no whole number", json.dump()));
  return json.get<std::size_t>();
}

std::vector<float> floats(const Json& json) {
  std::vector<float> values;
  for (const Json& value : json) {
    values.push_back(static_cast<float>(value.get<double>()));
    if (!std::isfinite(values.back())) throw FormatError(fmt::format("{} is no finite 32-bit float", value.dump()));
  }
  return values;
}

Json to_json(const NetworkSpec& network) {
  Json json = {{"inputs", network.inputs},
               {"hidden", network.hidden},
               {"outputs", network.outputs},
               {"activation", name(network.activation)},
               {"output_activation", name(network.output_activation.value())},
               {"loss", name(network.loss)}};
  if (network.loss == Loss::cross_entropy) json["label_smoothing"] = network.label_smoothing;
  if (network.loss == Loss::huber) json["huber_delta"] = network.huber_delta;
  return json;
}

/// A number of the loss, which files have only with a loss that takes it.
double number_or(const Json& json, const char* key, double otherwise, std::string_view source) {
  if (!json.contains(key)) return otherwise;
  const auto number = json.at(key).get<double>();
  if (!std::isfinite(number) || number < 0.0) fail_model(source, fmt::format("its {} {} is impossible", key, number));
  return number;
}

NetworkSpec network_from(const Json& json, std::string_view source) {
  NetworkSpec network;
  network.inputs = count(json.at("inputs"));
  network.hidden.clear();
  for (const Json& width : json.at("hidden")) network.hidden.push_back(count(width));
  network.outputs = count(json.at("outputs"));
  network.activation = choice<Activation>(json, "activation", source);
  network.output_activation = choice<Activation>(json, "output_activation", source);
  network.loss = choice<Loss>(json, "loss", source);
  network.label_smoothing = number_or(json, "label_smoothing", network.label_smoothing, source);
  network.huber_delta = number_or(json, "huber_delta", network.huber_delta, source);
  return network;
}

Json to_json(const Preprocessing& preprocessing) {
  return {{"normalization", name(preprocessing.normalization)},
          {"input_shift", preprocessing.input_shift},
          {"input_scale", preprocessing.input_scale},
          {"target_shift", preprocessing.target_shift},
          {"target_scale", preprocessing.target_scale}};
}

Preprocessing preprocessing_from(const Json& json, std::string_view source) {
  return {choice<Normalization>(json, "normalization", source), floats(json.at("input_shift")),
          floats(json.at("input_scale")), floats(json.at("target_shift")), floats(json.at("target_scale"))};
}

Json to_json(const TrainingSummary& training) {
  return {{"version", training.version},       {"samples", training.samples},
          {"epochs", training.epochs},         {"steps", training.steps},
          {"batch_size", training.batch_size}, {"learning_rate", training.learning_rate},
          {"train_cost", training.train_cost}, {"seed", training.seed},
          {"init", training.initialization},   {"normalize", training.normalization},
          {"optimizer", training.optimizer},   {"device", training.device},
          {"precision", training.precision}};
}

TrainingSummary training_from(const Json& json) {
  TrainingSummary training;
  training.version = json.at("version").get<std::string>();
  training.samples = count(json.at("samples"));
  training.epochs = count(json.at("epochs"));
  training.steps = count(json.at("steps"));
  training.batch_size = count(json.at("batch_size"));
  training.learning_rate = json.at("learning_rate").get<double>();
  // JSON has no NaN: a model that was never fitted has no cost, which is written as null.
  training.train_cost = json.at("train_cost").is_null() ? std::nan("") : json.at("train_cost").get<double>();
  training.seed = count(json.at("seed"));
  training.initialization = json.at("init").get<std::string>();
  training.normalization = json.at("normalize").get<std::string>();
  training.optimizer = json.at("optimizer").get<std::string>();
  training.device = json.at("device").get<std::string>();
  training.precision = json.at("precision").get<std::string>();
  return training;
}

std::map<std::string, std::string> metadata_of(const ModelState& state) {
  const DataSchema& schema = state.schema;
  const Json columns = {{"task", name(schema.task)},
                        {"features", schema.features},
                        {"targets", schema.targets},
                        {"target_names", schema.target_names},
                        {"target_column", schema.target_column}};
  return {{"format", "gradus"},
          {"format_version", std::to_string(kFormatVersion)},
          {"network", to_json(state.network).dump()},
          {"preprocessing", to_json(state.preprocessing).dump()},
          {"schema", columns.dump()},
          {"feature_names", Json(schema.feature_names).dump()},
          {"class_names", Json(schema.class_names).dump()},
          {"training", to_json(state.training).dump()}};
}

DataSchema schema_from(const std::map<std::string, std::string>& metadata, std::string_view source) {
  const Json columns = parse_json(metadata.at("schema"), source);
  DataSchema schema;
  schema.task = choice<Task>(columns, "task", source);
  schema.features = count(columns.at("features"));
  schema.targets = count(columns.at("targets"));
  schema.target_names = columns.at("target_names").get<std::vector<std::string>>();
  schema.target_column = count(columns.at("target_column"));
  schema.feature_names = parse_json(metadata.at("feature_names"), source).get<std::vector<std::string>>();
  schema.class_names = parse_json(metadata.at("class_names"), source).get<std::vector<std::string>>();
  return schema;
}

void check_format(const std::map<std::string, std::string>& metadata, std::string_view source) {
  const auto format = metadata.find("format");
  if (format == metadata.end() || format->second != "gradus") fail_model(source, "it was not written by Gradus");
  const auto version = metadata.find("format_version");
  const std::string found = version == metadata.end() ? "none" : version->second;
  if (found == std::to_string(kFormatVersion)) return;
  fail_model(source, fmt::format("its format version is {}, and this version of Gradus reads version {}; use a newer Gradus",
                                 found, kFormatVersion));
}

void check_lengths(const ModelState& state, std::string_view source) {
  const DataSchema& schema = state.schema;
  const Preprocessing& preprocessing = state.preprocessing;
  const std::size_t targets = schema.task == Task::regression ? schema.targets : 0;
  const auto expect = [source](std::string_view what, std::size_t found, std::size_t expected) {
    if (found != expected) fail_model(source, fmt::format("{} is {}, where {} fits", what, found, expected));
  };
  expect("the number of the network's inputs", state.network.inputs, schema.features);
  expect("the number of the network's outputs", state.network.outputs, schema.outputs());
  if (!schema.feature_names.empty()) expect("the number of feature names", schema.feature_names.size(), schema.features);
  if (!schema.target_names.empty())
    expect("the number of target names", schema.target_names.size(), schema.task == Task::regression ? schema.targets : 1);
  expect("the number of input shifts", preprocessing.input_shift.size(), schema.features);
  expect("the number of input scales", preprocessing.input_scale.size(), schema.features);
  expect("the number of target shifts", preprocessing.target_shift.size(), targets);
  expect("the number of target scales", preprocessing.target_scale.size(), targets);
}

/// Moves the tensors into the layers that the network has.
void take_layers(Safetensors& file, ModelState& state, std::string_view source) {
  const std::vector<std::size_t> widths = state.network.widths();
  if (file.tensors.size() != 2 * (widths.size() - 1))
    fail_model(source, fmt::format("it has {} tensors, where a network of {} layers has {}", file.tensors.size(),
                                   widths.size() - 1, 2 * (widths.size() - 1)));
  std::map<std::string_view, Safetensors::Tensor*> by_name;
  for (auto& tensor : file.tensors) by_name.emplace(tensor.name, &tensor);
  const auto take = [&](const std::string& wanted, const std::vector<std::size_t>& shape) {
    const auto found = by_name.find(wanted);
    if (found == by_name.end()) fail_model(source, fmt::format("the tensor '{}' is missing", wanted));
    if (found->second->shape != shape)
      fail_model(source, fmt::format("the tensor '{}' does not have the shape that the network asks for", wanted));
    if (!std::ranges::all_of(found->second->values, [](float value) { return std::isfinite(value); }))
      fail_model(source, fmt::format("the tensor '{}' holds NaN or infinity", wanted));
    return std::move(found->second->values);
  };
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    if (widths[l] == 0 || widths[l + 1] == 0) fail_model(source, "a layer has no nodes");
    LayerParameters layer;
    layer.weights = take(fmt::format("layers.{}.weight", l), {widths[l + 1], widths[l]});
    layer.biases = take(fmt::format("layers.{}.bias", l), {widths[l + 1]});
    state.layers.push_back(std::move(layer));
  }
}

}  // namespace

void write_model(const std::filesystem::path& path, const ModelState& state) {
  std::vector<TensorView> tensors;
  const std::vector<std::size_t> widths = state.network.widths();
  for (std::size_t l = 0; l < state.layers.size(); ++l) {
    tensors.push_back({fmt::format("layers.{}.weight", l), {widths[l + 1], widths[l]}, state.layers[l].weights});
    tensors.push_back({fmt::format("layers.{}.bias", l), {widths[l + 1]}, state.layers[l].biases});
  }
  try {
    write_safetensors(path, metadata_of(state), tensors);
  } catch (const Json::exception& error) {
    throw UsageError(fmt::format("{}: a name in this model is not UTF-8 text ({})", path.string(), error.what()));
  }
}

namespace {

std::shared_ptr<const ModelState> model_from(Safetensors file, std::string_view source) {
  auto state = std::make_shared<ModelState>();
  try {
    state->network = network_from(parse_json(file.metadata.at("network"), source), source);
    state->preprocessing = preprocessing_from(parse_json(file.metadata.at("preprocessing"), source), source);
    state->schema = schema_from(file.metadata, source);
    state->training = training_from(parse_json(file.metadata.at("training"), source));
    check_lengths(*state, source);
    take_layers(file, *state, source);
  } catch (const FormatError& error) {
    if (std::string_view(error.what()).starts_with(source)) throw;
    fail_model(source, error.what());
  } catch (const Json::exception& error) {
    fail_model(source, fmt::format("its description cannot be read ({})", error.what()));
  } catch (const std::out_of_range&) {
    fail_model(source, "a part of its description is missing");
  }
  return state;
}

/// A newer format may differ in everything but these two keys, so they are looked at first.
MetadataCheck format_check(std::string_view source) {
  return [source](const std::map<std::string, std::string>& metadata) { check_format(metadata, source); };
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

const LayerParameters& layer_of(const ModelState& state, std::size_t layer) {
  if (layer >= state.layers.size())
    throw UsageError(fmt::format("layer {} is asked for, and the model has {} layers", layer, state.layers.size()));
  return state.layers[layer];
}

}  // namespace

std::span<const float> Model::weights(std::size_t layer) const& {
  return layer_of(*state_, layer).weights;
}
std::vector<float> Model::weights(std::size_t layer) const&& {
  return layer_of(*state_, layer).weights;
}
std::span<const float> Model::biases(std::size_t layer) const& {
  return layer_of(*state_, layer).biases;
}
std::vector<float> Model::biases(std::size_t layer) const&& {
  return layer_of(*state_, layer).biases;
}

}  // namespace gradus
