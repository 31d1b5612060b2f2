#pragma once

#include <cstddef>
#include <limits>

#include "gradus/training_options.hpp"

namespace gradus::internal {

/// The learning rate along a run, as its Schedule says.
class LearningRate {
 public:
  /// `options` are resolved.
  LearningRate(const TrainingOptions& options, std::size_t steps_per_epoch);

  /// A run begins with the step of this number. Without a call, it is step 0.
  void begin(std::size_t step);
  /// The rate of this step, which is not before the run.
  [[nodiscard]] double at(std::size_t step) const;
  /// An epoch has ended with this cost.
  void end_epoch(double cost);

 private:
  double first_;
  Schedule schedule_;
  std::size_t steps_per_epoch_;
  std::size_t warmup_steps_;
  std::size_t steps_;  // after the warm-up
  std::size_t begin_ = 0;
  // For `plateau`:
  double plateau_factor_ = 1.0;
  double best_cost_ = std::numeric_limits<double>::infinity();
  std::size_t epochs_without_progress_ = 0;
};

}  // namespace gradus::internal
