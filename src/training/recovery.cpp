#include "training/recovery.hpp"

#include <cmath>
#include <utility>

namespace gradus::internal {

bool is_finite_cost(double cost) {
  return std::isfinite(static_cast<float>(cost));
}

Recovery::Recovery(Learner& learner) : epoch_start_(learner.copy()), last_finite_(learner.copy()) {}

void Recovery::begin_epoch(Learner& learner) {
  std::swap(last_finite_, epoch_start_);
  learner.copy_to(epoch_start_);
}

Evaluation Recovery::go_back(Learner& learner, TrainingSet& data) const {
  learner.go_back_to(epoch_start_);
  Evaluation evaluation = data.evaluate(learner);
  if (is_finite_cost(evaluation.cost)) return evaluation;
  learner.go_back_to(last_finite_);
  return data.evaluate(learner);
}

}  // namespace gradus::internal
