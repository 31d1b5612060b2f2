#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>

#include "backend/backend.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/cuda/gpu.hpp"
#include "backend/cuda/matrix_products.hpp"
#include "gradus/device.hpp"
#include "kernels/launchers.hpp"

namespace gradus::internal::cuda {

/// Runs the verbs on an NVIDIA GPU: matrix products by cuBLASLt, the rest by the kernels in kernels/. All work goes into one
/// stream, so verbs run in the order of their calls, and only `download` and `take_squared_error` wait.
class CudaBackend final : public Backend {
 public:
  /// On the GPU of this number, with blocks of so many threads. Throws DeviceError, OutOfMemory.
  CudaBackend(int index, Precision precision, unsigned block = kernels::kStreamingGrid.block);

  [[nodiscard]] std::size_t threads() const override { return 1; }
  float* take(std::size_t count) override;
  void give_back(float* memory) noexcept override;
  void upload(std::span<const float> host, float* device) override;
  void download(const float* device, std::span<float> host) override;
  std::unique_ptr<Samples> hold(const SampleSource& source) override;
  void gather_rows(Samples& samples, Matrix x, Matrix t) override;
  void dense_forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation, Matrix y) override;
  void output_error(ConstMatrix y, ConstMatrix t, Loss loss, Activation activation, Matrix delta) override;
  void hidden_error(ConstMatrix delta_next, ConstMatrix w_next, ConstMatrix y, Activation activation, Matrix delta) override;
  void dense_gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w,
                      std::span<float> grad_b) override;
  void repeat(std::unique_ptr<Repetition>& repetition, const std::function<void()>& work) override;
  void set_rate(float rate) override;
  void dense_descend(ConstMatrix x, ConstMatrix delta, Matrix w, std::span<float> b) override;
  void optimizer_step(std::span<const float> gradients, std::span<float> parameters) override;
  double take_squared_error() override;

 private:
  /// C = op(A) op(B).
  void multiply(const ProductShape& shape, const float* a, const float* b, float* c);

  /// G_W and G_b of dense_gradient. `of_product` and `of_sums` are the same factors.
  void add_gradient(ConstMatrix x, ConstMatrix delta, const Factors& of_product, kernels::Factor of_sums, float beta,
                    Matrix grad_w, std::span<float> grad_b);
  /// −α/B in device memory, for batches of so many rows.
  const float* descent_factor(std::size_t rows);
  void upload_descent_factor(std::size_t rows, DeviceArray<float>& factor);

  Gpu gpu_;
  kernels::GridLimits streaming_ = kernels::kStreamingGrid;
  kernels::GridLimits summing_ = kernels::kSummingGrid;
  std::unique_ptr<MatrixProducts> products_;
  DeviceArray<kernels::SumScratch> scratch_;
  DeviceArray<double> squared_error_;
  float rate_ = 0.0F;
  DeviceArray<float> device_rate_;
  DeviceArray<float> device_one_;
  std::map<std::size_t, DeviceArray<float>> descent_factors_;  // they stay where they are: captured work knows their places
};

}  // namespace gradus::internal::cuda
