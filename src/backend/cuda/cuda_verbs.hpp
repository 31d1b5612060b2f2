#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "backend/cuda/cuda_device.hpp"
#include "backend/cuda/descent_rate.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/cuda/matrix_products.hpp"
#include "backend/layer_verbs.hpp"
#include "kernels/launchers/error_terms.hpp"

namespace gradus::internal::cuda {

/// Layers on a GPU: matrix products by cuBLASLt, the rest by the kernels in kernels/.
class CudaVerbs final : public LayerVerbs {
 public:
  /// `device` must outlive it. Throws DeviceError, OutOfMemory.
  CudaVerbs(CudaDevice& device, Precision precision);

  void forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation, LayerOutputs y) override;
  void output_error(ConstLayerOutputs y, const ConstWeightedTargets& t, const LossFunction& loss, Activation activation,
                    Matrix delta, const BiasUpdate& biases) override;
  void hidden_error(ConstMatrix delta_next, ConstMatrix w_next, const DerivativeArgument& argument, Activation activation,
                    Matrix delta, const BiasUpdate& biases) override;
  void gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w) override;
  void descend(ConstMatrix x, ConstMatrix delta, Matrix w) override;
  void set_rate(float rate) override { rate_.set(rate); }
  double classify(ConstLayerOutputs y, ConstMatrix t, const LossFunction& loss, std::span<std::int32_t> classes) override;
  double take_cost() override;

  [[nodiscard]] const DescentRate& rate() const { return rate_; }

 private:
  /// C = alpha · op(A) op(B) + beta · C, computed from the bf16 twins of the operands where they exist.
  void multiply(const ProductShape& shape, const Factors& factors, const float* a, const float* b, float* c);
  /// The kernels' form of what becomes of the biases; `rows` samples have the error terms.
  kernels::ColumnSums sums_of(const BiasUpdate& biases, std::size_t rows);

  CudaDevice& device_;
  MatrixProducts products_;
  DescentRate rate_;
  DeviceArray<double> cost_;
  DeviceArray<double> classified_cost_;
  DeviceArray<std::int32_t> classes_;  // as many as were classified at once
  DeviceArray<float> one_;
};

}  // namespace gradus::internal::cuda
