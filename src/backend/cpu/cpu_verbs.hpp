#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "backend/cpu/borrowed_samples.hpp"
#include "backend/cpu/thread_pool.hpp"
#include "backend/layer_verbs.hpp"

namespace gradus::internal {

/// Layers on the CPU: matrix products by oneDNN, the rest by vector loops. A verb is cut into tasks by its shape; each
/// task does a product and what follows it on the same rows while they are in the cache.
class CpuVerbs final : public LayerVerbs {
 public:
  /// Both must outlive it. The first product after a minibatch was gathered prefetches the `upcoming` samples.
  CpuVerbs(ThreadPool& pool, UpcomingSamples& upcoming) : pool_(pool), upcoming_(upcoming), task_costs_(pool.threads()) {}

  void forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation, LayerOutputs y) override;
  void output_error(ConstLayerOutputs y, const ConstWeightedTargets& t, const LossFunction& loss, Activation activation,
                    Matrix delta, const BiasUpdate& biases) override;
  void hidden_error(ConstMatrix delta_next, ConstMatrix w_next, const DerivativeArgument& argument, Activation activation,
                    Matrix delta, const BiasUpdate& biases) override;
  void gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w) override;
  void descend(ConstMatrix x, ConstMatrix delta, Matrix w) override;
  void set_rate(float rate) override { rate_ = rate; }
  double classify(ConstLayerOutputs y, ConstMatrix t, const LossFunction& loss, std::span<std::int32_t> classes) override;
  double take_cost() override;

  /// As it is now, for optimizers.
  [[nodiscard]] const float& rate() const { return rate_; }

 private:
  void update_biases(ConstMatrix delta, const BiasUpdate& biases);

  ThreadPool& pool_;
  UpcomingSamples& upcoming_;
  float rate_ = 0.0F;
  double cost_ = 0.0;
  std::vector<double> task_costs_;  // one per thread, added in order: the sum does not depend on who ends first
};

}  // namespace gradus::internal
