#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "backend/cpu/thread_pool.hpp"

namespace gradus::internal {

/// Runs the verbs on the CPU: matrix products by oneDNN, the rest by vector loops. A verb is cut into tasks by its shape;
/// each task does a product and what follows it on the same rows while they are in the cache.
class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(std::size_t threads);

  [[nodiscard]] std::size_t threads() const override { return pool_.threads(); }
  float* take(std::size_t count) override;
  void give_back(float* memory) noexcept override;
  void upload(std::span<const float> host, float* device) override;
  void download(const float* device, std::span<float> host) override;
  void copy(std::span<const float> from, std::span<float> to) override;
  std::unique_ptr<Samples> hold(const SampleSource& source, std::size_t rows) override;
  void gather_rows(Samples& samples, Matrix x, const WeightedTargets& t) override;
  void dense_forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation, LayerOutputs y) override;
  void output_error(ConstLayerOutputs y, const ConstWeightedTargets& t, const LossFunction& loss, Activation activation,
                    Matrix delta, const BiasUpdate& biases) override;
  void hidden_error(ConstMatrix delta_next, ConstMatrix w_next, const DerivativeArgument& argument, Activation activation,
                    Matrix delta, const BiasUpdate& biases) override;
  std::unique_ptr<Visits> make_visits() override;
  void drop(const Dropout& dropout, const Visits& visits, ConstMatrix y, Matrix dropped, Matrix factors) override;
  void count_visits(Visits& visits, std::size_t samples) override;
  std::unique_ptr<Distorter> make_distorter(const ScaledDistortion& distortion, std::size_t rows) override;
  void distort(Distorter& distorter, const Visits& visits, ConstMatrix images, Matrix x) override;
  void mix_rows(const Mixup& mixup, const Visits& visits, ConstMatrix x, const ConstWeightedTargets& t, Matrix mixed,
                const WeightedTargets& mixed_t) override;
  void add_noise(const InputNoise& noise, const Visits& visits, ConstMatrix x, Matrix noisy) override;
  void dense_gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w) override;
  std::optional<std::vector<ColumnStatistics>> column_statistics(const SampleSource& /*source*/) override { return {}; }
  void repeat(std::unique_ptr<Repetition>& /*repetition*/, std::size_t times, const std::function<void()>& work) override {
    for (std::size_t i = 0; i < times; ++i) work();
  }
  void set_rate(float rate) override { rate_ = rate; }
  void dense_descend(ConstMatrix x, ConstMatrix delta, Matrix w) override;
  std::unique_ptr<OptimizerState> make_optimizer(const OptimizerSettings& settings, const ParameterPlan& plan) override;
  void optimizer_step(OptimizerState& optimizer, std::span<float> gradients, std::span<float> parameters) override;
  double classify(ConstLayerOutputs y, ConstMatrix t, const LossFunction& loss, std::span<std::int32_t> classes) override;
  double take_cost() override;

 private:
  void update_biases(ConstMatrix delta, const BiasUpdate& biases);

  class BorrowedSamples;
  class CountedVisits;
  class ImageDistorter;

  /// Of the samples that are gathered, those that the next minibatch will take. They lie anywhere in memory, so each would
  /// be a wait for it: the first product of this minibatch fetches them on the side.
  struct Upcoming {
    const SampleSource* source = nullptr;
    std::span<const std::uint32_t> samples = {};
  };

  ThreadPool pool_;
  Upcoming upcoming_;
  float rate_ = 0.0F;
  double cost_ = 0.0;
  std::vector<double> task_costs_;  // one per thread, added in order: the sum does not depend on who ends first
};

}  // namespace gradus::internal
