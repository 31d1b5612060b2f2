#include "inference/inference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "base/memory.hpp"
#include "base/wording.hpp"
#include "data/prepare/missing_values.hpp"
#include "gradus/error.hpp"
#include "gradus/model.hpp"
#include "inference/scoring.hpp"
#include "model/model_state.hpp"
#include "network/samples.hpp"

namespace gradus {
namespace internal {
namespace {

/// A model on a device, ready to run.
class Inference {
 public:
  /// `device` is resolved.
  Inference(const ModelState& state, std::size_t samples, Propagation::Purpose purpose, Device device, std::size_t threads)
      : widths_(state.network.widths()),
        rows_(std::max<std::size_t>(1, evaluation_rows(widths_, samples, device))),
        backend_(make_backend(device, Precision::fp32, useful_threads(widths_, rows_, threads))),
        parameters_(*backend_, widths_),
        propagation_(*backend_, state.network, parameters_, rows_, purpose) {
    parameters_.upload(*backend_, state.layers);
  }

  Backend& backend() { return *backend_; }
  Propagation& propagation() { return propagation_; }

 private:
  std::vector<std::size_t> widths_;
  std::size_t rows_;
  std::unique_ptr<Backend> backend_;
  Parameters parameters_;
  Propagation propagation_;
};

/// What a GPU takes, it takes from its own memory, and says so itself.
void require_inference_memory(const ModelState& state, std::size_t samples, Device device) {
  if (device.kind == Device::Kind::cuda) return;
  const auto widths = state.network.widths();
  const double floats =
      static_cast<double>(state.network.parameter_count()) +
      Propagation::floats(state.network, evaluation_rows(widths, samples, device), Propagation::Purpose::evaluation);
  require_memory(static_cast<std::size_t>(floats * static_cast<double>(sizeof(float))), "running the model");
}

/// Throws DataError where the data's features are not those that the network was trained on.
void require_features(const Dataset& data, const DataSchema& schema) {
  const DataSchema& found = data.schema();
  if (found.features != schema.features)
    throw DataError(fmt::format("{}: the data has {} features, and the network {} inputs", data.source(), found.features,
                                schema.features));
  if (found.categories != schema.categories)
    throw DataError(
        fmt::format("{}: the data's names are not those that the network knows; read it with load_matching", data.source()));
  refuse_missing(data, schema);
}

/// Throws DataError where `features`, which somebody made, cannot be those of samples.
void require_values(std::span<const float> features, const DataSchema& schema) {
  const std::size_t width = schema.features;
  if (features.size() % width != 0)
    throw DataError(fmt::format("{} values are no whole number of samples of {} features", features.size(), width));
  if (features.size() / width > std::numeric_limits<std::uint32_t>::max())
    throw DataError(fmt::format("{} samples are more than can be predicted at once", features.size() / width));
  const bool may_be_missing = schema.missing != Missing::error;
  for (std::size_t i = 0; i < features.size(); ++i)
    if (!std::isfinite(features[i]) && !(may_be_missing && std::isnan(features[i])))
      throw DataError(fmt::format("feature {} of sample {} is {}, not a finite number", i % width, i / width, features[i]));
  for (const Categories& categories : schema.categories)
    for (std::size_t i = categories.feature; i < features.size(); i += width) {
      const float value = features[i];
      const auto most = static_cast<float>(categories.inputs()) - 1.0F;
      if (!std::isnan(value) && (value < -1.0F || value > most || std::floor(value) != value))
        throw DataError(fmt::format("feature {} of sample {} is {}, and a name is a whole number from 0 to {}, or -1",
                                    categories.feature, i / width, value, most));
    }
}

Predictions predict_rows(const ModelState& state, const SampleSource& source, Device given, std::size_t threads) {
  const Device device = resolve(given);
  Predictions predictions;
  predictions.samples = source.rows.size();
  predictions.outputs = state.network.outputs;
  require_memory(source.rows.size() * predictions.outputs * sizeof(float), "holding the predictions");
  predictions.values.reserve(source.rows.size() * predictions.outputs);
  require_inference_memory(state, source.rows.size(), device);
  Inference inference(state, source.rows.size(), Propagation::Purpose::inference, device, threads);
  const auto samples = inference.backend().hold(source, inference.propagation().rows());
  for_each_output(inference.backend(), inference.propagation(), *samples, source.rows.size(),
                  [&](std::size_t, std::span<const float> outputs) {
                    predictions.values.insert(predictions.values.end(), outputs.begin(), outputs.end());
                  });
  const std::span<float> values = predictions.values;
  for (std::size_t i = 0; i < predictions.samples; ++i) {
    const auto row = values.subspan(i * predictions.outputs, predictions.outputs);
    if (state.schema.task == Task::classification)
      predictions.classes.push_back(predicted_class(row));
    else
      for (std::size_t j = 0; j < row.size(); ++j) row[j] = state.preprocessing.restore_target(row[j], j);
  }
  return predictions;
}

}  // namespace

std::size_t evaluation_rows(std::span<const std::size_t> widths, std::size_t samples, Device device) {
  // 2^26 floats are 256 MiB: enough to keep any GPU busy.
  constexpr std::size_t kMost = std::size_t{1} << 26;
  return rows_at_once(widths, samples, std::min(kMost, floats_at_once(device)));
}

void require_evaluable(const Dataset& data, const DataSchema& schema) {
  require_features(data, schema);
  if (!data.has_targets())
    throw DataError(fmt::format("{}: the data has no targets to compare the network's answers with", data.source()));
  if (data.task() != schema.task)
    throw DataError(
        fmt::format("{}: the data is for {}, and the network for {}", data.source(), name(data.task()), name(schema.task)));
  const DataSchema& found = data.schema();
  if (found.outputs() == schema.outputs() && found.class_names != schema.class_names)
    throw DataError(fmt::format("{}: the data has the classes {}, and the network {}; read it with load_matching",
                                data.source(), listed(found.class_names), listed(schema.class_names)));
  if (!found.feature_names.empty() && !schema.feature_names.empty() && found.feature_names != schema.feature_names)
    throw DataError(
        fmt::format("{}: the features are not those of the network, or in another order; read the data with load_matching",
                    data.source()));
  if (data.schema().outputs() != schema.outputs())
    throw DataError(fmt::format("{}: the data has {} classes or targets, and the network {} outputs", data.source(),
                                data.schema().outputs(), schema.outputs()));
}

Propagation::Purpose purpose_of_evaluation(Task task) {
  return task == Task::regression ? Propagation::Purpose::inference : Propagation::Purpose::evaluation;
}

Evaluation evaluate(Backend& backend, Propagation& propagation, Samples& samples, const Preprocessing& preprocessing,
                    const Dataset& data) {
  Score score(data.schema(), preprocessing, propagation.loss());
  if (data.task() != Task::regression) {
    std::vector<std::int32_t> classes(propagation.rows());
    std::vector<float> outputs;
    for_each_chunk(propagation, samples, data.samples(), [&](std::size_t first, std::size_t count) {
      const auto found = std::span(classes).first(count);
      const double cost = propagation.classify(found);
      if (data.task() == Task::classification) return score.add_classes(data, first, found, cost);
      outputs.resize(propagation.outputs().size());
      backend.download(propagation.outputs().data, outputs);
      score.add_labels(data, first, outputs, cost);
    });
  } else {
    for_each_output(backend, propagation, samples, data.samples(),
                    [&](std::size_t first, std::span<const float> outputs) { score.add_outputs(data, first, outputs); });
  }
  return score.evaluation();
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

Evaluation Model::evaluate(const Dataset& data, Device device, std::size_t threads) const {
  internal::require_evaluable(data, state_->schema);
  const Device resolved = resolve(device);
  internal::require_inference_memory(*state_, data.samples(), resolved);
  internal::Inference inference(*state_, data.samples(), internal::purpose_of_evaluation(data.task()), resolved, threads);
  const internal::PreparedSamples prepared(data, state_->schema, state_->preprocessing);
  const auto samples = inference.backend().hold(prepared.source(), inference.propagation().rows());
  return internal::evaluate(inference.backend(), inference.propagation(), *samples, state_->preprocessing, data);
}

}  // namespace gradus
