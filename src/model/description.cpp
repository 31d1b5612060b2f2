#include "model/description.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "data/dataset/category_names.hpp"
#include "data/dataset/table_schema.hpp"
#include "gradus/error.hpp"
#include "model/json.hpp"
#include "model/safetensors.hpp"

namespace gradus::internal {
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
  if (!json.is_number_unsigned()) throw FormatError(fmt::format("{} is not a whole number", json.dump()));
  return json.get<std::size_t>();
}

std::vector<float> floats(const Json& json) {
  std::vector<float> values;
  for (const Json& value : json) {
    values.push_back(static_cast<float>(value.get<double>()));
    if (!std::isfinite(values.back())) throw FormatError(fmt::format("{} is not a finite 32-bit float", value.dump()));
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
  if (!std::isfinite(number) || number < 0.0) fail_model(source, fmt::format("its {} {} is not valid", key, number));
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
  Json json = {{"normalization", name(preprocessing.normalization)},
               {"input_shift", preprocessing.input_shift},
               {"input_scale", preprocessing.input_scale},
               {"target_shift", preprocessing.target_shift},
               {"target_scale", preprocessing.target_scale}};
  if (!preprocessing.missing_values.empty()) json["missing_values"] = preprocessing.missing_values;
  for (const QuantileMap& map : preprocessing.quantiles) json["quantiles"].push_back({{"from", map.from}, {"to", map.to}});
  return json;
}

std::vector<QuantileMap> quantiles_from(const Json& json, std::string_view source) {
  std::vector<QuantileMap> quantiles;
  for (const Json& map : json) {
    quantiles.push_back({floats(map.at("from")), floats(map.at("to"))});
    const auto& [from, to] = quantiles.back();
    if (from.size() != to.size() || !std::ranges::is_sorted(from, std::ranges::less_equal()))
      fail_model(source, "its quantile table is not increasing, or its two columns differ in length");
  }
  return quantiles;
}

Preprocessing preprocessing_from(const Json& json, std::string_view source) {
  Preprocessing preprocessing;
  preprocessing.normalization = choice<Normalization>(json, "normalization", source);
  preprocessing.input_shift = floats(json.at("input_shift"));
  preprocessing.input_scale = floats(json.at("input_scale"));
  preprocessing.target_shift = floats(json.at("target_shift"));
  preprocessing.target_scale = floats(json.at("target_scale"));
  if (json.contains("missing_values")) preprocessing.missing_values = floats(json.at("missing_values"));
  if (json.contains("quantiles")) preprocessing.quantiles = quantiles_from(json.at("quantiles"), source);
  return preprocessing;
}

/// An option's value; null for none.
Json to_json(const OptionValue& value) {
  return std::visit(
      [](const auto& held) -> Json {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(held)>, std::monostate>)
          return nullptr;
        else
          return held;
      },
      value);
}

OptionValue option_from(const Json& json) {
  if (json.is_null()) return {};
  if (json.is_number_unsigned()) return json.get<std::uint64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (!json.is_array()) throw FormatError(fmt::format("{} is not a value of an option", json.dump()));
  const auto is_count = [](const Json& element) { return element.is_number_unsigned(); };
  if (std::all_of(json.begin(), json.end(), is_count)) return json.get<std::vector<std::uint64_t>>();
  return json.get<std::vector<double>>();
}

Json to_json(const TrainingSummary& training) {
  Json json = {{"version", training.version},       {"samples", training.samples},
               {"epochs", training.epochs},         {"steps", training.steps},
               {"batch_size", training.batch_size}, {"learning_rate", training.learning_rate},
               {"train_cost", training.train_cost}, {"seed", training.seed},
               {"init", training.initialization},   {"normalize", training.normalization},
               {"optimizer", training.optimizer},   {"device", training.device},
               {"precision", training.precision}};
  for (const auto& [key, value] : training.options) json["options"][key] = to_json(value);
  return json;
}

TrainingSummary training_from(const Json& json) {
  TrainingSummary training;
  training.version = json.at("version").get<std::string>();
  training.samples = count(json.at("samples"));
  training.epochs = count(json.at("epochs"));
  training.steps = count(json.at("steps"));
  training.batch_size = count(json.at("batch_size"));
  training.learning_rate = json.at("learning_rate").get<double>();
  // JSON cannot hold NaN: the cost of a model that was never fitted is written as null.
  training.train_cost = json.at("train_cost").is_null() ? std::nan("") : json.at("train_cost").get<double>();
  training.seed = count(json.at("seed"));
  training.initialization = json.at("init").get<std::string>();
  training.normalization = json.at("normalize").get<std::string>();
  training.optimizer = json.at("optimizer").get<std::string>();
  training.device = json.at("device").get<std::string>();
  training.precision = json.at("precision").get<std::string>();
  if (json.contains("options"))
    for (const auto& [key, value] : json.at("options").items()) training.options.emplace_back(key, option_from(value));
  return training;
}

/// Only what a table with names or missing values has.
void add_columns(const DataSchema& schema, Json& json) {
  for (const Categories& categories : schema.categories) {
    Json& entry = json["categories"].emplace_back(Json{{"feature", categories.feature}});
    if (categories.buckets > 0)
      entry["buckets"] = categories.buckets;
    else
      entry["names"] = categories.names;
  }
  if (schema.missing != Missing::error) json["missing"] = name(schema.missing);
  if (!schema.indicators.empty()) json["indicators"] = schema.indicators;
  if (!schema.ignored_columns.empty()) json["ignored_columns"] = schema.ignored_columns;
}

std::vector<std::size_t> counts_or_none(const Json& json, const char* key) {
  std::vector<std::size_t> counts;
  if (!json.contains(key)) return counts;
  for (const Json& value : json.at(key)) counts.push_back(count(value));
  return counts;
}

std::vector<Categories> categories_from(const Json& json) {
  std::vector<Categories> all;
  for (const Json& entry : json) {
    Categories categories;
    categories.feature = count(entry.at("feature"));
    if (entry.contains("buckets"))
      categories.buckets = count(entry.at("buckets"));
    else
      categories.names = entry.at("names").get<std::vector<std::string>>();
    all.push_back(std::move(categories));
  }
  return all;
}

DataSchema schema_from(const Description& description, std::string_view source) {
  const Json columns = parse_json(description.at("schema"), source);
  DataSchema schema;
  schema.task = choice<Task>(columns, "task", source);
  schema.features = count(columns.at("features"));
  schema.targets = count(columns.at("targets"));
  schema.target_names = columns.at("target_names").get<std::vector<std::string>>();
  schema.target_columns = {count(columns.at("target_column"))};
  if (columns.contains("target_columns")) schema.target_columns = counts_or_none(columns, "target_columns");
  if (columns.contains("categories")) schema.categories = categories_from(columns.at("categories"));
  if (columns.contains("missing")) schema.missing = choice<Missing>(columns, "missing", source);
  schema.indicators = counts_or_none(columns, "indicators");
  schema.ignored_columns = counts_or_none(columns, "ignored_columns");
  schema.feature_names = parse_json(description.at("feature_names"), source).get<std::vector<std::string>>();
  schema.class_names = parse_json(description.at("class_names"), source).get<std::vector<std::string>>();
  return schema;
}

/// Whether each is larger than the one before it, and smaller than `end`.
bool rise_below(const std::vector<std::size_t>& numbers, std::size_t end) {
  return std::ranges::is_sorted(numbers, std::ranges::less_equal()) && (numbers.empty() || numbers.back() < end);
}

/// Which columns of a table it ignored, and which were targets.
void check_places(const DataSchema& schema, std::string_view source) {
  const std::size_t targets = schema.target_columns.size();
  const bool has_several = schema.task != Task::classification && schema.targets > 1;
  if (targets != 1 && !(has_several && targets == schema.targets))
    fail_model(source, fmt::format("it has {} columns of targets, and {} targets", targets, schema.targets));
  if (!rise_below(schema.ignored_columns, schema.features + schema.ignored_columns.size() + targets))
    fail_model(source, "the columns that it ignores are not columns of its table");
  if (const auto wrong = wrong_columns(schema)) fail_model(source, *wrong);
}

/// What later code takes for granted of columns.
void check_columns(const DataSchema& schema, std::string_view source) {
  std::vector<std::size_t> named;
  for (const Categories& categories : schema.categories) {
    named.push_back(categories.feature);
    const bool has_names = !categories.names.empty() && std::ranges::is_sorted(categories.names, std::ranges::less_equal());
    if (categories.buckets > 0 ? categories.buckets > kMostCategories : !has_names)
      fail_model(source, fmt::format("the names of feature {} are not valid", categories.feature));
  }
  if (!rise_below(named, schema.features) || !rise_below(schema.indicators, schema.features))
    fail_model(source, "its categories or indicators are not those of features in their order");
  check_places(schema, source);
}

/// A value that replaces a missing name must be one.
void check_missing_values(const ModelState& state, std::string_view source) {
  for (const Categories& categories : state.schema.categories) {
    if (state.preprocessing.missing_values.empty()) return;
    const float value = state.preprocessing.missing_values[categories.feature];
    if (value != std::floor(value) || value < -1.0F || value >= static_cast<float>(categories.inputs()))
      fail_model(source, fmt::format("{} replaces a missing name of feature {}, and is not one of its names", value,
                                     categories.feature));
  }
}

void check_lengths(const ModelState& state, std::string_view source) {
  const DataSchema& schema = state.schema;
  const Preprocessing& preprocessing = state.preprocessing;
  const std::size_t targets = schema.task == Task::classification ? 0 : schema.targets;
  const auto expect = [source](std::string_view what, std::size_t found, std::size_t expected) {
    if (found != expected) fail_model(source, fmt::format("{} is {}, and must be {}", what, found, expected));
  };
  expect("the number of the network's inputs", state.network.inputs, schema.inputs());
  expect("the number of the network's outputs", state.network.outputs, schema.outputs());
  if (!schema.feature_names.empty()) expect("the number of feature names", schema.feature_names.size(), schema.features);
  if (!schema.target_names.empty())
    expect("the number of target names", schema.target_names.size(), std::max<std::size_t>(targets, 1));
  expect("the number of input shifts", preprocessing.input_shift.size(), schema.inputs());
  expect("the number of input scales", preprocessing.input_scale.size(), schema.inputs());
  expect("the number of values that replace missing ones", preprocessing.missing_values.size(),
         schema.missing == Missing::error ? 0 : schema.features);
  if (!preprocessing.quantiles.empty())
    expect("the number of quantile maps", preprocessing.quantiles.size(), schema.features);
  expect("the number of target shifts", preprocessing.target_shift.size(), targets);
  expect("the number of target scales", preprocessing.target_scale.size(), targets);
}

}  // namespace

Description description_of(const ModelState& state) {
  const DataSchema& schema = state.schema;
  Json columns = {{"task", name(schema.task)},
                  {"features", schema.features},
                  {"targets", schema.targets},
                  {"target_names", schema.target_names},
                  {"target_column", schema.target_columns.front()}};
  if (schema.target_columns.size() > 1) columns["target_columns"] = schema.target_columns;
  add_columns(schema, columns);
  return {{"format", "gradus"},
          {"format_version", std::to_string(kFormatVersion)},
          {"network", to_json(state.network).dump()},
          {"preprocessing", to_json(state.preprocessing).dump()},
          {"schema", columns.dump()},
          {"feature_names", Json(schema.feature_names).dump()},
          {"class_names", Json(schema.class_names).dump()},
          {"training", to_json(state.training).dump()}};
}

void check_format(const Description& description, std::string_view source) {
  const auto format = description.find("format");
  if (format == description.end() || format->second != "gradus") fail_model(source, "it was not written by Gradus");
  const auto version = description.find("format_version");
  const std::string found = version == description.end() ? "none" : version->second;
  if (found == std::to_string(kFormatVersion)) return;
  fail_model(source, fmt::format("its format version is {}, and this version of Gradus reads version {}; use a newer Gradus",
                                 found, kFormatVersion));
}

void read_description(const Description& description, std::string_view source, ModelState& state) {
  state.network = network_from(parse_json(description.at("network"), source), source);
  state.preprocessing = preprocessing_from(parse_json(description.at("preprocessing"), source), source);
  state.schema = schema_from(description, source);
  state.training = training_from(parse_json(description.at("training"), source));
  check_columns(state.schema, source);
  check_lengths(state, source);
  check_missing_values(state, source);
}

}  // namespace gradus::internal
