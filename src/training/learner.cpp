#include "training/learner.hpp"

#include <utility>

namespace gradus::internal {

Learner::Learner(const Plan& plan, const Preprocessing& preprocessing, Backend& backend)
    : Learner(plan, preprocessing, backend, choose_engine(plan, preprocessing, backend)) {}

Learner::Learner(const Plan& plan, const Preprocessing& preprocessing, Backend& backend, ChosenEngine chosen)
    : backend_(backend),
      preprocessing_(preprocessing),
      engine_(std::move(chosen.engine)),
      reason_of_engine_(chosen.reason),
      evaluation_(backend, plan.network, engine_->parameters(), plan.evaluation_rows,
                  purpose_of_evaluation(plan.data.task())) {}

Evaluation Learner::evaluate(Samples& samples, const Dataset& data) {
  return internal::evaluate(backend_, evaluation_, samples, preprocessing_, data);
}

Buffer Learner::copy() {
  Buffer copy(backend_, engine_->parameters().all().size());
  copy_to(copy);
  return copy;
}

void Learner::copy_to(Buffer& copy) {
  backend_.copy(engine_->parameters().all(), copy.span());
}

void Learner::go_back_to(const Buffer& copy) {
  backend_.copy(copy.span(), engine_->parameters().all());
  engine_->restart_optimizer();
}

}  // namespace gradus::internal
