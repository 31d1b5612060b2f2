#pragma once

#include "training/data_on_device.hpp"
#include "training/learner.hpp"

namespace gradus::internal {

/// Whether a 32-bit float can hold a cost: a larger one has left the range of the arithmetic, and is as good as infinite.
[[nodiscard]] bool is_finite_cost(double cost);

/// The parameters that a diverging run goes back to. They are on the device.
class Recovery {
 public:
  /// Starts with the learner's parameters. Throws OutOfMemory.
  explicit Recovery(Learner& learner);

  /// The first epoch of a run begins.
  void begin_run(Learner& learner) { learner.copy_to(epoch_start_); }
  /// Another epoch of it begins, after one whose cost was finite.
  void begin_epoch(Learner& learner);

  /// After a divergence: goes back to the parameters at the beginning of this epoch if their cost is finite, else to those
  /// at the beginning of the epoch before. Returns how well they do on the training set.
  [[nodiscard]] Evaluation go_back(Learner& learner, TrainingSet& data) const;

 private:
  Buffer epoch_start_;
  Buffer last_finite_;  // at the beginning of the last epoch whose cost was finite
};

}  // namespace gradus::internal
