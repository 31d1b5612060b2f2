#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>

#include "backend/backend.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/cuda/float_memory.hpp"
#include "backend/cuda/gpu.hpp"
#include "backend/cuda/matrix_products.hpp"
#include "gradus/device.hpp"
#include "kernels/launchers/error_terms.hpp"
#include "kernels/launchers/on.hpp"

namespace gradus::internal::cuda {

/// Runs the verbs on an NVIDIA GPU: matrix products by cuBLASLt, the rest by the kernels in kernels/. All work goes into one
/// stream, so verbs run in the order of their calls, and only `download` and `take_cost` wait.
class CudaBackend final : public Backend {
 public:
  /// On the GPU of this number, with blocks of so many threads. Throws DeviceError, OutOfMemory.
  CudaBackend(int index, Precision precision, unsigned block = kernels::kStreamingGrid.block);

  [[nodiscard]] const Gpu& gpu() const { return gpu_; }

  [[nodiscard]] std::size_t threads() const override { return 1; }
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
  std::optional<std::vector<ColumnStatistics>> column_statistics(const SampleSource& source) override;
  void repeat(std::unique_ptr<Repetition>& repetition, std::size_t times, const std::function<void()>& work) override;
  void set_rate(float rate) override;
  void dense_descend(ConstMatrix x, ConstMatrix delta, Matrix w) override;
  std::unique_ptr<OptimizerState> make_optimizer(const OptimizerSettings& settings, const ParameterPlan& plan) override;
  void optimizer_step(OptimizerState& optimizer, std::span<float> gradients, std::span<float> parameters) override;
  double classify(ConstLayerOutputs y, ConstMatrix t, const LossFunction& loss, std::span<std::int32_t> classes) override;
  double take_cost() override;

 private:
  class CountedVisits;

  /// C = alpha · op(A) op(B) + beta · C, by way of the operands' twins in bf16 where there are such.
  void multiply(const ProductShape& shape, const Factors& factors, const float* a, const float* b, float* c);
  /// After floats were written that may be operands.
  void round_twins(std::span<const float> values);

  /// The kernels' form of what becomes of the biases; `rows` samples have the error terms.
  kernels::ColumnSums sums_of(const BiasUpdate& biases, std::size_t rows);
  /// −α/B in device memory, for batches of so many rows.
  const float* descent_factor(std::size_t rows);
  void fill_descent_factor(std::size_t rows, DeviceArray<float>& factor);

  Gpu gpu_;
  FloatMemory memory_;
  std::unique_ptr<MatrixProducts> products_;
  DeviceArray<kernels::SumScratch> scratch_;
  kernels::On on_;  // the GPU's stream, with these as its working memory
  DeviceArray<double> cost_;
  DeviceArray<double> classified_cost_;
  DeviceArray<std::int32_t> classes_;  // as many as were classified at once
  float rate_ = 0.0F;
  DeviceArray<float> device_rate_;
  DeviceArray<float> device_one_;
  std::map<std::size_t, DeviceArray<float>> descent_factors_;  // they stay where they are: captured work knows their places
};

}  // namespace gradus::internal::cuda
