#pragma once

#include <memory>

#include "training/engine.hpp"

namespace gradus::internal {

/// Takes steps verb by verb: forward through the layers, back through them, then the optimizer.
class GraphEngine final : public Engine {
 public:
  /// `plan` and `backend` must outlive it. Throws OutOfMemory.
  GraphEngine(const Plan& plan, const Preprocessing& preprocessing, Backend& backend);

  [[nodiscard]] Parameters& parameters() override { return parameters_; }
  void begin_epoch(Samples& samples, const SampleOrder& order, std::size_t position) override;
  void take(Samples& samples, std::size_t batch_size, std::span<const float> rates) override;
  double take_cost() override { return backend_.verbs().take_cost(); }
  void restart_optimizer() override;
  [[nodiscard]] LearnerState save() override;
  void load(const LearnerState& state) override;

 private:
  void step(Samples& samples, std::size_t batch_size);
  [[nodiscard]] bool fits_at_once(std::size_t batch_size) const { return batch_size <= plan_.rows; }

  const Plan& plan_;
  Backend& backend_;
  Parameters parameters_;
  Parameters gradients_;  // empty where the plan stores no gradients
  std::unique_ptr<ParameterOptimizer> optimizer_;
  Propagation propagation_;
  std::unique_ptr<Repetition> full_step_;  // along a minibatch
  std::unique_ptr<Repetition> last_step_;  // along the smaller last minibatch of an epoch
  float rate_ = 0.0F;                      // the rate that the backend has; 0 before the first step
  bool has_full_batch_ = false;            // whether the whole data set lies in the propagation's buffers
};

}  // namespace gradus::internal
