#include "network/samples.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "data/dataset/access.hpp"
#include "data/prepare/input_encoder.hpp"

namespace gradus::internal {

std::vector<std::uint32_t> sample_rows(const Dataset& data) {
  const auto selected = rows_of(data);
  if (!selected.empty()) return {selected.begin(), selected.end()};
  std::vector<std::uint32_t> rows(data.samples());
  std::iota(rows.begin(), rows.end(), std::uint32_t{0});
  return rows;
}

SampleSource input_source(const Dataset& data, std::span<const std::uint32_t> rows) {
  const DatasetStorage& storage = storage_of(data);
  SampleSource source;
  source.samples = storage.samples;
  source.rows = rows;
  source.features = data.features();
  source.outputs = data.schema().outputs();
  if (storage.holds_bytes)
    source.bytes = storage.bytes.data();
  else
    source.floats = storage.floats.data();
  return source;
}

PreparedSamples::PreparedSamples(const Dataset& data, const DataSchema& schema, const Preprocessing& preprocessing,
                                 std::span<const float> weights)
    : rows_(sample_rows(data)), source_(input_source(data, rows_)) {
  const DatasetStorage& storage = storage_of(data);
  source_.input_shift = preprocessing.input_shift.data();
  source_.input_scale = preprocessing.input_scale.data();
  if (storage.has_targets && data.task() == Task::classification) {
    source_.labels = storage.class_indices.data();
  } else if (storage.has_targets) {
    source_.targets = storage.targets.data();
    source_.target_shift = preprocessing.target_shift.data();
    source_.target_scale = preprocessing.target_scale.data();
  }
  if (!storage.first_missing.empty() || InputEncoder::is_needed(schema, preprocessing)) {
    take_inputs(encode_inputs(data.samples(), schema, preprocessing,
                              [&](std::size_t sample, std::span<float> features) { data.copy_inputs(sample, features); }),
                schema.inputs());
    take_targets();
    source_.samples = data.samples();
    std::iota(rows_.begin(), rows_.end(), std::uint32_t{0});
  }
  take_weights(weights);
}

/// Puts each weight where the source has its sample.
void PreparedSamples::take_weights(std::span<const float> weights) {
  if (weights.empty()) return;
  weights_.resize(source_.samples);
  for (std::size_t i = 0; i < weights.size(); ++i) weights_[rows_[i]] = weights[i];
  source_.weights = weights_.data();
}

SampleSource PreparedSamples::unscaled_source() {
  zeros_.assign(source_.features, 0.0F);
  ones_.assign(source_.features, 1.0F);
  SampleSource source = source_;
  source.input_shift = zeros_.data();
  source.input_scale = ones_.data();
  return source;
}

PreparedSamples::PreparedSamples(std::span<const float> features, const DataSchema& schema,
                                 const Preprocessing& preprocessing)
    : rows_(features.size() / schema.features) {
  std::iota(rows_.begin(), rows_.end(), std::uint32_t{0});
  source_.samples = rows_.size();
  source_.rows = rows_;
  source_.features = schema.features;
  source_.outputs = schema.outputs();
  source_.floats = features.data();
  source_.input_shift = preprocessing.input_shift.data();
  source_.input_scale = preprocessing.input_scale.data();
  const bool has_missing = std::ranges::any_of(features, [](float value) { return std::isnan(value); });
  if (!has_missing && !InputEncoder::is_needed(schema, preprocessing)) return;
  take_inputs(encode_inputs(source_.samples, schema, preprocessing,
                            [&](std::size_t sample, std::span<float> values) {
                              std::ranges::copy(features.subspan(sample * schema.features, schema.features), values.begin());
                            }),
              schema.inputs());
}

void PreparedSamples::take_inputs(Array<float> inputs, std::size_t width) {
  inputs_ = std::move(inputs);
  source_.features = width;
  source_.bytes = nullptr;
  source_.floats = inputs_.data();
}

/// Copies the targets of the rows, in their order.
void PreparedSamples::take_targets() {
  if (source_.labels != nullptr) {
    for (const std::uint32_t row : rows_) labels_.push_back(source_.labels[row]);
    source_.labels = labels_.data();
  }
  if (source_.targets != nullptr) {
    targets_.reserve(rows_.size() * source_.outputs);
    for (const std::uint32_t row : rows_) {
      const float* targets = source_.targets + row * source_.outputs;
      targets_.insert(targets_.end(), targets, targets + source_.outputs);
    }
    source_.targets = targets_.data();
  }
}

}  // namespace gradus::internal
