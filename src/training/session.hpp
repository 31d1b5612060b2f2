#pragma once

#include <cstddef>
#include <memory>

#include "training/data_on_device.hpp"
#include "training/epoch_cursor.hpp"
#include "training/learner.hpp"
#include "training/learning_rate.hpp"
#include "training/plan.hpp"
#include "training/recovery.hpp"

namespace gradus::internal {

/// The plan's device. Throws OutOfMemory, before the first allocation, for a training that cannot fit; and DeviceError.
[[nodiscard]] std::unique_ptr<Backend> make_backend(const Plan& plan);

/// One training, from its initial values on, through single steps and runs. Each member uses those before it.
struct Session {
  /// Throws OutOfMemory and DeviceError.
  Session(Plan settled, std::unique_ptr<Backend> device);

  /// Takes the next minibatches of the epoch at the schedule's rates: those that are left in it, at most `most`. Begins an
  /// epoch where the last one is over. Returns how many samples they had.
  std::size_t take_steps(std::size_t most);

  /// Continues from where a session of the same plan was saved, which may be within an epoch.
  void load(const LearnerState& learnt, const EpochCursor::State& position);

  const Plan plan;
  const std::unique_ptr<Backend> backend;
  const Preprocessing preprocessing;
  Learner learner;
  Recovery recovery;
  TrainingSet data;
  EpochCursor cursor;
  LearningRate learning_rate;
};

}  // namespace gradus::internal
