#include "data/prepare/input_encoder.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/memory.hpp"
#include "base/wording.hpp"

namespace gradus::internal {

InputEncoder::InputEncoder(const DataSchema& schema, const Preprocessing& preprocessing)
    : features_(schema.features), inputs_(schema.inputs()) {
  for (const Categories& categories : schema.categories) features_[categories.feature].names = categories.inputs();
  for (const std::size_t feature : schema.indicators) features_[feature].has_indicator = true;
  for (std::size_t i = 0; i < preprocessing.missing_values.size(); ++i)
    features_[i].missing_value = preprocessing.missing_values[i];
  for (std::size_t i = 0; i < preprocessing.quantiles.size(); ++i) features_[i].quantiles = &preprocessing.quantiles[i];
}

bool InputEncoder::is_needed(const DataSchema& schema, const Preprocessing& preprocessing) {
  return !schema.categories.empty() || !schema.indicators.empty() || !preprocessing.quantiles.empty();
}

void InputEncoder::encode(std::span<const float> features, std::span<float> inputs) const {
  float* input = inputs.data();
  for (std::size_t i = 0; i < features_.size(); ++i) {
    const Feature& feature = features_[i];
    const bool is_missing = std::isnan(features[i]);
    const float value = is_missing ? feature.missing_value : features[i];
    if (feature.names > 0) {
      std::fill_n(input, feature.names, 0.0F);
      if (value >= 0.0F) input[static_cast<std::size_t>(value)] = 1.0F;
      input += feature.names;
    } else {
      *input++ = feature.quantiles != nullptr ? (*feature.quantiles)(value) : value;
    }
    if (feature.has_indicator) *input++ = is_missing ? 1.0F : 0.0F;
  }
}

Array<float> encode_inputs(std::size_t samples, const DataSchema& schema, const Preprocessing& preprocessing,
                           const std::function<void(std::size_t, std::span<float>)>& read) {
  const InputEncoder encoder(schema, preprocessing);
  const std::size_t width = encoder.inputs();
  require_memory(samples * width * sizeof(float),
                 fmt::format("the {} of each of {}", counted(width, "input"), counted(samples, "sample")));
  Array<float> inputs(samples * width);
  std::vector<float> features(schema.features);
  for (std::size_t sample = 0; sample < samples; ++sample) {
    read(sample, features);
    encoder.encode(features, inputs.span().subspan(sample * width, width));
  }
  return inputs;
}

}  // namespace gradus::internal
