#include "inference/predict.hpp"

#include <span>

#include "base/memory.hpp"
#include "inference/chunks.hpp"
#include "inference/model_on_device.hpp"
#include "inference/requirements.hpp"
#include "inference/scoring.hpp"
#include "model/model_state.hpp"
#include "network/samples.hpp"

namespace gradus {
namespace internal {
namespace {

Predictions predict_rows(const ModelState& state, const SampleSource& source, Device given, std::size_t threads) {
  const Device device = resolve(given);
  Predictions predictions = room_for_predictions(source.rows.size(), state.network.outputs);
  ModelOnDevice model(state, source.rows.size(), Purpose::inference, device, threads);
  const auto samples = model.backend().hold(source, model.propagation().rows());
  for_each_output(model.backend(), model.propagation(), *samples, source.rows.size(),
                  [&](std::size_t, std::span<const float> outputs) {
                    predictions.values.insert(predictions.values.end(), outputs.begin(), outputs.end());
                  });
  if (state.schema.task == Task::classification)
    add_predicted_classes(predictions);
  else
    for (std::size_t i = 0; i < predictions.values.size(); ++i) {
      float& value = predictions.values[i];
      value = state.preprocessing.restore_target(value, i % predictions.outputs);
    }
  return predictions;
}

}  // namespace

Predictions room_for_predictions(std::size_t samples, std::size_t outputs) {
  require_memory(samples * outputs * sizeof(float), "holding the predictions");
  Predictions predictions;
  predictions.samples = samples;
  predictions.outputs = outputs;
  predictions.values.reserve(samples * outputs);
  return predictions;
}

void add_predicted_classes(Predictions& predictions) {
  const std::span<const float> values = predictions.values;
  predictions.classes.reserve(predictions.samples);
  for (std::size_t i = 0; i < predictions.samples; ++i)
    predictions.classes.push_back(predicted_class(values.subspan(i * predictions.outputs, predictions.outputs)));
}

}  // namespace internal

Predictions Model::predict(const Dataset& data, Device device, std::size_t threads) const {
  internal::require_features(data, state_->schema);
  const internal::PreparedSamples prepared(data, state_->schema, state_->preprocessing);
  return internal::predict_rows(*state_, prepared.source(), device, threads);
}

Predictions Model::predict(std::span<const float> inputs, Device device, std::size_t threads) const {
  internal::require_values(inputs, state_->schema);
  const internal::PreparedSamples prepared(inputs, state_->schema, state_->preprocessing);
  return internal::predict_rows(*state_, prepared.source(), device, threads);
}

}  // namespace gradus
