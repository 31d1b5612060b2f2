#pragma once

#include <memory>

#include "gradus/dataset.hpp"
#include "gradus/model.hpp"
#include "network/samples.hpp"
#include "training/learner.hpp"

namespace gradus::internal {

/// Learns from the training set how inputs and targets are scaled. The device finds the statistics where it is faster.
[[nodiscard]] Preprocessing learn_preprocessing(const Plan& plan, Backend& backend);

/// The training set where a device reaches it.
class TrainingSet {
 public:
  /// To be constructed after the learner: it fills the rest of the device's memory. All must outlive it. Throws OutOfMemory.
  TrainingSet(const Plan& plan, const Preprocessing& preprocessing, Backend& backend);

  /// What steps take: not scaled where images are distorted first.
  [[nodiscard]] Samples& samples() { return *samples_; }
  /// How well the learner does on the samples as they are, without augmentation. It may take an epoch of samples(), so the
  /// next step must begin one.
  [[nodiscard]] Evaluation evaluate(Learner& learner);

 private:
  const Plan& plan_;
  Backend& backend_;
  PreparedSamples prepared_;
  std::unique_ptr<Samples> samples_;
};

/// A validation or test set where a device reaches it.
class HeldOutSet {
 public:
  /// `data` was read for the plan's network. All but `plan` must outlive it. Throws OutOfMemory.
  HeldOutSet(const Dataset& data, const Plan& plan, const Preprocessing& preprocessing, Backend& backend);

  [[nodiscard]] Evaluation evaluate(Learner& learner) { return learner.evaluate(*samples_, data_); }

 private:
  const Dataset& data_;
  PreparedSamples prepared_;
  std::unique_ptr<Samples> samples_;
};

}  // namespace gradus::internal
