#include "training/inference.hpp"

#include <numeric>

#include <fmt/format.h>

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
  Inference(const ModelState& state, std::size_t samples, Device device, std::size_t threads)
      : widths_(state.network.widths()),
        rows_(std::max<std::size_t>(1, rows_at_once(widths_, samples))),
        backend_(make_backend(resolve(device), useful_threads(widths_, rows_, threads))),
        parameters_(*backend_, widths_),
        propagation_(*backend_, state.network, parameters_, rows_, Propagation::Purpose::inference) {
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

void require_features(const Dataset& data, std::size_t features) {
  if (data.features() != features)
    throw DataError(
        fmt::format("{}: the data has {} features, and the network {} inputs", data.source(), data.features(), features));
}

Predictions predict_rows(const ModelState& state, const SampleSource& source, std::span<const std::uint32_t> rows,
                         Device device, std::size_t threads) {
  Predictions predictions;
  predictions.samples = rows.size();
  predictions.outputs = state.network.outputs;
  require_memory(rows.size() * predictions.outputs * sizeof(float), "holding the predictions");
  predictions.values.reserve(rows.size() * predictions.outputs);
  Inference inference(state, rows.size(), device, threads);
  for_each_output(inference.backend(), inference.propagation(), source, rows,
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

void require_evaluable(const Dataset& data, const DataSchema& schema) {
  require_features(data, schema.features);
  if (!data.has_targets())
    throw DataError(fmt::format("{}: the data has no targets to compare the network's answers with", data.source()));
  if (data.task() != schema.task)
    throw DataError(
        fmt::format("{}: the data is for {}, and the network for {}", data.source(), name(data.task()), name(schema.task)));
  if (data.schema().outputs() != schema.outputs())
    throw DataError(fmt::format("{}: the data has {} classes or targets, and the network {} outputs", data.source(),
                                data.schema().outputs(), schema.outputs()));
}

Evaluation evaluate(Backend& backend, Propagation& propagation, const Preprocessing& preprocessing, const Dataset& data) {
  Score score(data.schema(), preprocessing);
  const auto rows = sample_rows(data);
  for_each_output(backend, propagation, sample_source(data, preprocessing), rows,
                  [&](std::size_t first, std::span<const float> outputs) { score.add(data, first, outputs); });
  return score.evaluation();
}

}  // namespace internal

Predictions Model::predict(const Dataset& data, Device device, std::size_t threads) const {
  internal::require_features(data, state_->network.inputs);
  return internal::predict_rows(*state_, internal::sample_source(data, state_->preprocessing), internal::sample_rows(data),
                                device, threads);
}

Predictions Model::predict(std::span<const float> inputs, Device device, std::size_t threads) const {
  const std::size_t features = state_->network.inputs;
  if (inputs.size() % features != 0)
    throw DataError(fmt::format("{} values are no whole number of samples of {} features", inputs.size(), features));
  internal::SampleSource source;
  source.features = features;
  source.outputs = state_->network.outputs;
  source.floats = inputs.data();
  source.input_shift = state_->preprocessing.input_shift.data();
  source.input_scale = state_->preprocessing.input_scale.data();
  std::vector<std::uint32_t> rows(inputs.size() / features);
  std::iota(rows.begin(), rows.end(), std::uint32_t{0});
  return internal::predict_rows(*state_, source, rows, device, threads);
}

Evaluation Model::evaluate(const Dataset& data, Device device, std::size_t threads) const {
  internal::require_evaluable(data, state_->schema);
  internal::Inference inference(*state_, data.samples(), device, threads);
  return internal::evaluate(inference.backend(), inference.propagation(), state_->preprocessing, data);
}

}  // namespace gradus
