#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>

#include "gradus/trainer.hpp"
#include "training/best_epoch.hpp"
#include "training/session.hpp"

namespace gradus::internal {

/// One call of Trainer::fit: epoch after epoch, until the budget is spent or something else ends it.
class Run {
 public:
  /// What a run watches beside its training set.
  struct Watched {
    const HeldOut& held_out;
    const ProgressCallback& progress;
    const std::stop_token& stop;
  };

  /// All must outlive it. Throws DataError for a held-out set that does not fit the network, UsageError for options that
  /// need a validation set where there is none, and OutOfMemory.
  Run(Session& session, const Watched& watched);

  TrainingResult fit();

 private:
  using Clock = std::chrono::steady_clock;

  /// An epoch, or what was taken of it before a request to stop.
  struct Epoch {
    bool is_whole;
    double cost;  ///< mean over the training samples, each before its step
    float rate;   ///< of the last step
  };

  /// With a validation set.
  struct Best {
    BestEpoch epochs;
    Buffer parameters;
  };

  TrainingResult::End train();
  Epoch train_epoch();
  /// Looks at what a whole epoch has brought, and reports it. Returns why the run ends, if it does.
  std::optional<TrainingResult::End> judge(const Epoch& epoch);
  [[nodiscard]] std::optional<TrainingResult::End> end_by_validation() const;
  /// Reports the progress of the run to the callback. Returns false when it asks to stop.
  bool report(const Epoch& epoch, const std::optional<Evaluation>& validation);
  /// Chooses the parameters that the run leaves, and returns how well they do on the training set.
  Evaluation settle(TrainingResult& result);

  [[nodiscard]] std::size_t epochs() const { return session_.cursor.epochs() - first_.epochs; }
  [[nodiscard]] std::size_t steps() const { return session_.cursor.steps() - first_.steps; }
  [[nodiscard]] double seconds() const;
  [[nodiscard]] double samples_per_second() const;

  Session& session_;
  const TrainingOptions& options_;
  Watched watched_;
  Clock::time_point start_ = Clock::now();
  std::optional<HeldOutSet> test_;
  std::optional<HeldOutSet> validation_;
  std::optional<Best> best_;
  EpochCursor::State first_;       // where the run began
  std::size_t samples_ = 0;        // that steps have taken
  double training_seconds_ = 0.0;  // without evaluations
};

}  // namespace gradus::internal
