#pragma once

#include <span>

#include "backend/buffer.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/cuda/gpu.hpp"
#include "backend/optimizer.hpp"
#include "kernels/launchers/optimizer.hpp"

namespace gradus::internal::cuda {

/// An optimizer on a GPU. The number of steps lives in the GPU's memory, so that a step can be captured and repeated.
class CudaOptimizer final : public OptimizerState {
 public:
  /// To be called where the GPU is the current one, as `step` is.
  CudaOptimizer(DeviceMemory& memory, const Gpu& gpu, const OptimizerSettings& settings, ParameterPlan plan);

  [[nodiscard]] OptimizerValues save() const override;
  void load(const OptimizerValues& values) override;

  /// `rate` is on the device.
  void step(const float* rate, std::span<float> gradients, std::span<float> parameters, const kernels::On& on);

 private:
  /// LAMB's second pass, for each weight matrix: its length is what the direction's becomes.
  void adapt_lengths(const float* rate, std::span<float> directions, std::span<float> parameters, const kernels::On& on);

  const Gpu& gpu_;
  OptimizerSettings settings_;
  ParameterPlan plan_;
  Buffer first_;
  Buffer second_;
  DeviceArray<kernels::OptimizerProgress> progress_;
  DeviceArray<double> squares_;  // LAMB: of each weight matrix, and of its direction
};

}  // namespace gradus::internal::cuda
