#include "training/data_on_device.hpp"

#include <algorithm>

namespace gradus::internal {
namespace {

bool are_distorted(const Plan& plan) {
  return plan.options.augmentation.distortions.is_any();
}

}  // namespace

Preprocessing learn_preprocessing(const Plan& plan, Backend& backend) {
  const auto statistics = [&] {
    const auto rows = sample_rows(plan.data);
    return backend.hold(input_source(plan.data, rows), 1)->column_statistics();
  };
  return learn_preprocessing(plan.data, plan.options.preprocessing.normalization, statistics,
                             are_distorted(plan) ? InputPlaces::exchanged : InputPlaces::fixed);
}

TrainingSet::TrainingSet(const Plan& plan, const Preprocessing& preprocessing, Backend& backend)
    : plan_(plan),
      backend_(backend),
      prepared_(plan.data, plan.data.schema(), preprocessing, plan.sample_weights),
      samples_(backend.hold(are_distorted(plan) ? prepared_.unscaled_source() : prepared_.source(),
                            std::max(plan.steps_at_once * plan.rows, plan.evaluation_rows))) {}

Evaluation TrainingSet::evaluate(Learner& learner) {
  if (!are_distorted(plan_)) return learner.evaluate(*samples_, plan_.data);
  const auto scaled = backend_.hold(prepared_.source(), plan_.evaluation_rows);
  return learner.evaluate(*scaled, plan_.data);
}

HeldOutSet::HeldOutSet(const Dataset& data, const Plan& plan, const Preprocessing& preprocessing, Backend& backend)
    : data_(data),
      prepared_(data, plan.data.schema(), preprocessing),
      samples_(backend.hold(prepared_.source(), plan.evaluation_rows)) {}

}  // namespace gradus::internal
