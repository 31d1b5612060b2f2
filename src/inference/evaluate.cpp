#include "inference/evaluate.hpp"

#include <cstdint>
#include <span>

#include "gradus/model.hpp"
#include "inference/chunks.hpp"
#include "inference/classification_metrics.hpp"
#include "inference/model_on_device.hpp"
#include "inference/predict.hpp"
#include "inference/requirements.hpp"
#include "inference/scoring.hpp"
#include "model/model_state.hpp"
#include "network/samples.hpp"

namespace gradus {
namespace internal {

Purpose purpose_of_evaluation(Task task) {
  return task == Task::regression ? Purpose::inference : Purpose::evaluation;
}

Evaluation evaluate(Backend& backend, Propagation& propagation, Samples& samples, const Preprocessing& preprocessing,
                    const Dataset& data, std::vector<float>* all_outputs) {
  Score score(data.schema(), preprocessing, propagation.loss());
  std::vector<std::int32_t> classes(propagation.rows());
  std::vector<float> outputs;
  for_each_chunk(propagation, samples, data.samples(), [&](std::size_t first, std::size_t count) {
    // Classes are found where the outputs are, so that a plain evaluation moves no outputs to the host.
    const auto predicted = std::span(classes).first(count);
    const double cost = data.task() == Task::regression ? 0.0 : propagation.classify(predicted);
    if (data.task() != Task::classification || all_outputs != nullptr) {
      outputs.resize(propagation.outputs().size());
      backend.download(propagation.outputs().data, outputs);
    }
    if (all_outputs != nullptr) all_outputs->insert(all_outputs->end(), outputs.begin(), outputs.end());
    switch (data.task()) {
      case Task::classification:
        return score.add_classes(data, first, predicted, cost);
      case Task::multi_label:
        return score.add_labels(data, first, outputs, cost);
      case Task::regression:
        return score.add_outputs(data, first, outputs);
    }
  });
  return score.evaluation();
}

}  // namespace internal

Evaluation Model::evaluate(const Dataset& data, Device device, std::size_t threads, Details details) const {
  internal::require_evaluable(data, state_->schema);
  const Device resolved = resolve(device);
  const bool has_details = details == Details::classes && data.task() != Task::regression;
  Predictions predictions;
  if (has_details) predictions = internal::room_for_predictions(data.samples(), state_->network.outputs);
  internal::ModelOnDevice model(*state_, data.samples(), internal::purpose_of_evaluation(data.task()), resolved, threads);
  const internal::PreparedSamples prepared(data, state_->schema, state_->preprocessing);
  const auto samples = model.backend().hold(prepared.source(), model.propagation().rows());
  Evaluation evaluation = internal::evaluate(model.backend(), model.propagation(), *samples, state_->preprocessing, data,
                                             has_details ? &predictions.values : nullptr);
  if (!has_details) return evaluation;
  if (data.task() == Task::classification) internal::add_predicted_classes(predictions);
  evaluation.details = internal::detailed_metrics(state_->network, predictions, data);
  return evaluation;
}

}  // namespace gradus
