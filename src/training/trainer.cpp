#include "gradus/trainer.hpp"

#include <limits>
#include <utility>

#include "gradus/version.hpp"
#include "model/model_state.hpp"
#include "options/row.hpp"
#include "training/run.hpp"
#include "training/session.hpp"

namespace gradus {

struct Trainer::Implementation {
  Implementation(internal::Plan plan, std::unique_ptr<internal::Backend> backend)
      : session(std::move(plan), std::move(backend)) {}

  internal::Session session;
  double train_cost = std::numeric_limits<double>::quiet_NaN();  // after the last `fit`

  bool had_validation = false;  // in the last `fit`

  /// How the network was trained.
  [[nodiscard]] TrainingSummary summary() const;
};

TrainingSummary Trainer::Implementation::summary() const {
  const TrainingOptions& options = session.plan.options;
  TrainingSummary summary;
  summary.version = version();
  summary.samples = session.plan.data.samples();
  summary.epochs = session.cursor.epochs();
  summary.steps = session.cursor.steps();
  summary.batch_size = *options.batch_size;
  summary.learning_rate = *options.optimizer.learning_rate;
  summary.train_cost = train_cost;
  summary.seed = options.seed;
  summary.initialization = options.initialization.to_string();
  summary.normalization = name(session.preprocessing.normalization);
  summary.optimizer = name(options.optimizer.kind);
  summary.device = options.execution.device.to_string();
  summary.precision = name(options.execution.precision);
  Options resolved;
  resolved.network = session.plan.network;
  resolved.training = options;
  resolved.split.has_validation_set = had_validation;
  summary.options = internal::model_options(resolved, summary.samples);
  return summary;
}

Trainer::Trainer(const NetworkSpec& network, const Dataset& data, const TrainingOptions& options) {
  internal::Plan plan = internal::make_plan(network, data.with_missing(options.preprocessing.missing), options);
  auto backend = internal::make_backend(plan);
  implementation_ = std::make_unique<Implementation>(std::move(plan), std::move(backend));
}
Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;
Trainer& Trainer::operator=(Trainer&&) noexcept = default;

const NetworkSpec& Trainer::network() const {
  return implementation_->session.plan.network;
}
const TrainingOptions& Trainer::options() const {
  return implementation_->session.plan.options;
}

double Trainer::step() {
  internal::Session& session = implementation_->session;
  const std::size_t samples = session.take_steps(1);
  return session.learner.take_cost() / static_cast<double>(samples);
}

TrainingResult Trainer::fit(const HeldOut& held_out, const ProgressCallback& progress, std::stop_token stop) {
  TrainingResult result = internal::Run(implementation_->session, {held_out, progress, stop}).fit();
  implementation_->train_cost = result.train.cost;
  implementation_->had_validation = held_out.validation.has_value();
  return result;
}

TrainingResult Trainer::fit(const std::optional<Dataset>& test, const ProgressCallback& progress, std::stop_token stop) {
  return fit({.test = test}, progress, std::move(stop));
}

Model Trainer::model() const {
  internal::Session& session = implementation_->session;
  auto state = std::make_shared<ModelState>();
  state->network = session.plan.network;
  state->schema = session.plan.data.schema();
  state->preprocessing = session.preprocessing;
  state->layers = session.learner.parameters();
  state->training = implementation_->summary();
  return internal::model_of(state);
}

}  // namespace gradus
