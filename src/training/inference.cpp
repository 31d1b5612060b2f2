#include "training/inference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "data/wording.hpp"
#include "gradus/error.hpp"
#include "gradus/model.hpp"
#include "model/model_state.hpp"
#include "support/memory.hpp"
#include "training/samples.hpp"
#include "training/scoring.hpp"

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

void require_features(const Dataset& data, std::size_t features) {
  if (data.features() != features)
    throw DataError(
        fmt::format("{}: the data has {} features, and the network {} inputs", data.source(), data.features(), features));
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
  require_features(data, schema.features);
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
  return task == Task::classification ? Propagation::Purpose::evaluation : Propagation::Purpose::inference;
}

Evaluation evaluate(Backend& backend, Propagation& propagation, Samples& samples, const Preprocessing& preprocessing,
                    const Dataset& data) {
  Score score(data.schema(), preprocessing, propagation.loss());
  if (data.task() == Task::classification) {
    std::vector<std::int32_t> classes(propagation.rows());
    for_each_chunk(propagation, samples, data.samples(), [&](std::size_t first, std::size_t count) {
      const auto found = std::span(classes).first(count);
      const double cost = propagation.classify(found);
      score.add_classes(data, first, found, cost);
    });
  } else {
    for_each_output(backend, propagation, samples, data.samples(),
                    [&](std::size_t first, std::span<const float> outputs) { score.add_outputs(data, first, outputs); });
  }
  return score.evaluation();
}

}  // namespace internal

Predictions Model::predict(const Dataset& data, Device device, std::size_t threads) const {
  internal::require_features(data, state_->network.inputs);
  const auto rows = internal::sample_rows(data);
  return internal::predict_rows(*state_, internal::sample_source(data, rows, state_->preprocessing), device, threads);
}

Predictions Model::predict(std::span<const float> inputs, Device device, std::size_t threads) const {
  const std::size_t features = state_->network.inputs;
  if (inputs.size() % features != 0)
    throw DataError(fmt::format("{} values are no whole number of samples of {} features", inputs.size(), features));
  if (inputs.size() / features > std::numeric_limits<std::uint32_t>::max())
    throw DataError(fmt::format("{} samples are more than can be predicted at once", inputs.size() / features));
  const auto odd = std::ranges::find_if_not(inputs, [](float value) { return std::isfinite(value); });
  if (odd != inputs.end())
    throw DataError(fmt::format("feature {} of sample {} is {}, not a finite number",
                                (odd - inputs.begin()) % static_cast<std::ptrdiff_t>(features),
                                (odd - inputs.begin()) / static_cast<std::ptrdiff_t>(features), *odd));
  internal::SampleSource source;
  source.samples = inputs.size() / features;
  source.features = features;
  source.outputs = state_->network.outputs;
  source.floats = inputs.data();
  source.input_shift = state_->preprocessing.input_shift.data();
  source.input_scale = state_->preprocessing.input_scale.data();
  std::vector<std::uint32_t> rows(inputs.size() / features);
  std::iota(rows.begin(), rows.end(), std::uint32_t{0});
  source.rows = rows;
  return internal::predict_rows(*state_, source, device, threads);
}

Evaluation Model::evaluate(const Dataset& data, Device device, std::size_t threads) const {
  internal::require_evaluable(data, state_->schema);
  const Device resolved = resolve(device);
  internal::require_inference_memory(*state_, data.samples(), resolved);
  internal::Inference inference(*state_, data.samples(), internal::purpose_of_evaluation(data.task()), resolved, threads);
  const auto rows = internal::sample_rows(data);
  const auto samples =
      inference.backend().hold(internal::sample_source(data, rows, state_->preprocessing), inference.propagation().rows());
  return internal::evaluate(inference.backend(), inference.propagation(), *samples, state_->preprocessing, data);
}

}  // namespace gradus
