// Tables to learn from and tables for a model. Every input is read with a small window and with a large one, which must
// agree.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv/table.hpp"
#include "data/dataset/access.hpp"
#include "data/prepare/input_encoder.hpp"
#include "data/prepare/preprocessing.hpp"
#include "data/source/byte_source.hpp"
#include "gradus/error.hpp"
#include "gradus/loading.hpp"

namespace {

using namespace gradus;

void require(bool condition) {
  if (!condition) std::abort();
}

/// The result of reading: the data, or the message of an error.
struct Outcome {
  std::shared_ptr<const DatasetStorage> storage;
  std::string message;
};

template <typename Read>
Outcome outcome(Read&& read) {
  try {
    return {read(), {}};
  } catch (const Error& error) {
    require(*error.what() != '\0');
    return {nullptr, error.what()};
  }
}

void check(const DatasetStorage& storage) {
  const DataSchema& schema = storage.schema;
  require(storage.samples > 0);
  require(storage.floats.size() == storage.samples * schema.features);
  for (const float value : storage.floats.span())
    require(std::isfinite(value) || (std::isnan(value) && !storage.first_missing.empty()));
  for (const Categories& categories : schema.categories)
    for (std::size_t i = categories.feature; i < storage.floats.size(); i += schema.features) {
      const float value = storage.floats[i];
      require(std::isnan(value) || (value >= -1.0F && value < static_cast<float>(categories.inputs())));
    }
  for (const float value : storage.targets.span()) require(std::isfinite(value));
  for (const std::int32_t label : storage.class_indices.span())
    require(label >= 0 && static_cast<std::size_t>(label) < schema.class_names.size());
  if (!storage.has_targets) return;
  if (schema.task == Task::classification)
    require(storage.class_indices.size() == storage.samples);
  else
    require(storage.targets.size() == storage.samples * schema.targets);
  if (schema.task == Task::multi_label)
    for (const float value : storage.targets.span()) require(value == 0.0F || value == 1.0F);
}

/// The inputs of every sample are finite, whatever the normalization.
void check_inputs(const Dataset& data) {
  for (const Normalization normalization : {Normalization::standard, Normalization::quantile}) {
    const internal::Preprocessing learnt = internal::learn_preprocessing(data, normalization);
    require(learnt.input_scale.size() == data.schema().inputs());
    const internal::InputEncoder encoder(data.schema(), learnt);
    std::vector<float> features(data.features());
    std::vector<float> inputs(encoder.inputs());
    for (std::size_t sample = 0; sample < data.samples(); ++sample) {
      data.copy_inputs(sample, features);
      encoder.encode(features, inputs);
      for (const float value : inputs) require(std::isfinite(value));
    }
  }
}

/// The policy for missing values comes from the last byte.
Missing policy_from(std::uint8_t other) {
  if ((other & 1U) == 0) return Missing::error;
  return (other & 2U) != 0 ? Missing::indicator : Missing::most_frequent;
}

/// The first byte chooses the options; those of names come from the last one.
DataOptions options_from(std::uint8_t choice, std::uint8_t other) {
  DataOptions options;
  if ((other & 4U) != 0) options.most_categories = 2;
  if ((other & 8U) != 0) options.categorical = {"2"};
  if ((other & 16U) != 0) options.ignored = {"3"};
  if ((choice & 1U) != 0) options.target = (other & 32U) != 0 ? "2,1" : "1";
  if ((choice & 2U) != 0) options.header = (choice & 4U) != 0;
  if ((choice & 8U) != 0)
    options.task = (choice & 16U) != 0 ? Task::classification : (other & 64U) != 0 ? Task::multi_label : Task::regression;
  if ((choice & 32U) != 0) options.delimiter = (choice & 64U) != 0 ? ',' : ';';
  return options;
}

void match(std::string_view text, const DataSchema& schema, const DataOptions& options) {
  for (const Targets targets : {Targets::required, Targets::optional}) {
    const auto source = internal::source_from_memory("t.csv", text);
    const Outcome matched = outcome([&] { return internal::read_matching_table(*source, schema, targets, options); });
    if (!matched.storage) continue;
    check(*matched.storage);
    require(matched.storage->schema == schema);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const DataOptions options = options_from(data[0], data[size - 1]);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  internal::CsvLimits small;
  small.buffer_size = 1 + data[0] % 7;
  small.sample_size = 1;
  const auto read = [&](const internal::CsvLimits& limits) {
    const auto source = internal::source_from_memory("t.csv", text);
    return outcome([&] { return internal::read_training_table(*source, options, limits); });
  };
  internal::CsvLimits large;
  large.buffer_size = 4096;
  large.sample_size = 1;
  const Outcome one = read(large);
  const Outcome other = read(small);
  // With less text to look at, another delimiter or header may be found, and a NUL is found later.
  const bool comparable = options.delimiter && options.header && text.find('\0') == std::string_view::npos;
  if (comparable) require((one.storage == nullptr) == (other.storage == nullptr));
  if (comparable) require(one.message == other.message);
  DataSchema schema;
  if (one.storage) {
    check(*one.storage);
    if (comparable) require(one.storage->schema == other.storage->schema);
    const auto same = [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    if (comparable) require(std::ranges::equal(one.storage->floats.span(), other.storage->floats.span(), same));
    if (comparable) require(one.storage->first_missing == other.storage->first_missing);
    schema = one.storage->schema;
    try {
      const Dataset prepared = internal::dataset_of(one.storage).with_missing(policy_from(data[size - 1]));
      check_inputs(prepared);
      schema = prepared.schema();
    } catch (const DataError&) {
      require(!one.storage->first_missing.empty() && policy_from(data[size - 1]) == Missing::error);
    }
    match(text, schema, options);
  }
  schema.task = Task::classification;
  schema.class_names = {"0", "1", "a"};
  schema.targets = 1;
  if (schema.target_names.size() > 1) schema.target_names.resize(1);
  schema.target_columns.resize(1);
  if (schema.features == 0) {
    schema.features = 2;
    schema.feature_names = {"a", "b"};
    schema.target_names = {"y"};
  }
  match(text, schema, options);
  return 0;
}
