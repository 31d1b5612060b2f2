#include "training/run.hpp"

#include <utility>

#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

using End = TrainingResult::End;

void require_held_out(const HeldOut& held_out, const Plan& plan) {
  for (const auto* data : {&held_out.validation, &held_out.test})
    if (*data) require_evaluable(**data, plan.data.schema());
  if (held_out.validation) return;
  if (plan.options.stopping.patience) throw UsageError("`patience` needs a validation set");
  if (plan.options.stopping.stop_at) throw UsageError("`stop_at` needs a validation set, whose metric it compares");
}

/// The set on the session's device, where there is one.
void hold(std::optional<HeldOutSet>& held, const std::optional<Dataset>& data, Session& session) {
  if (data) held.emplace(*data, session.plan, session.preprocessing, *session.backend);
}

}  // namespace

Run::Run(Session& session, const Watched& watched)
    : session_(session), options_(session.plan.options), watched_(watched), first_(session.cursor.save()) {
  require_held_out(watched.held_out, session.plan);
  session.cursor.end_epoch();  // single steps may have begun one
  hold(test_, watched.held_out.test, session);
  hold(validation_, watched.held_out.validation, session);
  if (validation_) best_.emplace(Best{BestEpoch(options_.stopping.monitor), session.learner.copy()});
}

TrainingResult Run::fit() {
  static_cast<void>(session_.learner.take_cost());  // discards the cost of single steps
  session_.learning_rate.begin(session_.cursor.steps());
  TrainingResult result;
  result.end = train();
  if (best_) result.best_epoch = best_->epochs.epoch();
  result.train = settle(result);
  if (validation_) result.validation = validation_->evaluate(session_.learner);
  if (test_) result.test = test_->evaluate(session_.learner);
  session_.cursor.end_epoch();  // evaluations have put the samples into another order
  result.epochs = epochs();
  result.steps = steps();
  result.seconds = training_seconds_;
  result.samples_per_second = samples_per_second();
  return result;
}

End Run::train() {
  for (std::size_t i = 0; i < *options_.epochs; ++i) {
    if (watched_.stop.stop_requested()) return End::stopped;
    const auto began = Clock::now();
    if (i == 0)
      session_.recovery.begin_run(session_.learner);
    else
      session_.recovery.begin_epoch(session_.learner);
    const Epoch epoch = train_epoch();
    training_seconds_ += std::chrono::duration<double>(Clock::now() - began).count();
    if (!is_finite_cost(epoch.cost)) return End::diverged;
    if (!epoch.is_whole) return End::stopped;
    if (const auto end = judge(epoch)) return *end;
  }
  return End::finished;
}

Run::Epoch Run::train_epoch() {
  bool is_stopped = false;
  do {
    samples_ += session_.take_steps(session_.plan.steps_at_once);
    is_stopped = watched_.stop.stop_requested();
  } while (!is_stopped && !session_.cursor.is_at_end());
  const double cost = session_.learner.take_cost() / static_cast<double>(session_.plan.data.samples());
  const double rate = session_.learning_rate.at(session_.cursor.steps() - 1);
  return {!is_stopped, cost, static_cast<float>(rate)};
}

std::optional<End> Run::judge(const Epoch& epoch) {
  std::optional<Evaluation> validation;
  if (validation_) {
    validation = validation_->evaluate(session_.learner);
    if (best_->epochs.add(*validation)) session_.learner.copy_to(best_->parameters);
  }
  session_.learning_rate.end_epoch(best_ ? best_->epochs.last() : epoch.cost);
  if (!report(epoch, validation)) return End::stopped;
  if (const auto end = end_by_validation()) return end;
  const bool is_last = epochs() == *options_.epochs;
  if (!is_last && options_.stopping.time_limit && seconds() >= *options_.stopping.time_limit) return End::time_limit;
  return std::nullopt;
}

std::optional<End> Run::end_by_validation() const {
  if (!best_) return std::nullopt;
  if (options_.stopping.stop_at && best_->epochs.reaches(*options_.stopping.stop_at)) return End::reached;
  if (options_.stopping.patience && best_->epochs.epochs_since() > *options_.stopping.patience) return End::patience;
  return std::nullopt;
}

bool Run::report(const Epoch& epoch, const std::optional<Evaluation>& validation) {
  if (!watched_.progress) return true;
  Progress progress;
  progress.epoch = epochs();
  progress.epochs = *options_.epochs;
  progress.steps = steps();
  progress.train_cost = epoch.cost;
  progress.learning_rate = static_cast<double>(epoch.rate);
  progress.validation = validation;
  progress.best = best_ && best_->epochs.epochs_since() == 0;
  progress.report = progress.epoch % *options_.report_every == 0 || progress.epoch == progress.epochs;
  if (progress.report && test_) progress.test = test_->evaluate(session_.learner);
  progress.seconds = seconds();
  progress.samples_per_second = samples_per_second();
  progress.seconds_left =
      progress.seconds / static_cast<double>(progress.epoch) * static_cast<double>(progress.epochs - progress.epoch);
  return watched_.progress(progress);
}

Evaluation Run::settle(TrainingResult& result) {
  if (result.best_epoch)
    session_.learner.go_back_to(best_->parameters);
  else if (result.end == End::diverged)
    return session_.recovery.go_back(session_.learner, session_.data);
  Evaluation train = session_.data.evaluate(session_.learner);
  if (is_finite_cost(train.cost) || result.end == End::diverged) return train;
  result.end = End::diverged;  // the last step went too far
  result.best_epoch.reset();
  return session_.recovery.go_back(session_.learner, session_.data);
}

double Run::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

double Run::samples_per_second() const {
  return training_seconds_ > 0.0 ? static_cast<double>(samples_) / training_seconds_ : 0.0;
}

}  // namespace gradus::internal
