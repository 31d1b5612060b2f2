#pragma once

#include <span>

#include "backend/buffer.hpp"
#include "backend/cuda/cuda_device.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/optimizer.hpp"
#include "kernels/launchers/optimizer.hpp"

namespace gradus::internal::cuda {

/// An optimizer on a GPU. The number of steps lives in the GPU's memory, so that a step can be captured and repeated.
class CudaOptimizer final : public ParameterOptimizer {
 public:
  /// `rate` is on the device. The first three must outlive this. To be called where the GPU is the current one.
  CudaOptimizer(DeviceMemory& memory, const CudaDevice& device, const float* rate, const OptimizerSettings& settings,
                ParameterPlan plan);

  void step(std::span<float> gradients, std::span<float> parameters) override;
  [[nodiscard]] OptimizerValues save() const override;
  void load(const OptimizerValues& values) override;

 private:
  void take_step(std::span<float> gradients, std::span<float> parameters);
  /// LAMB's second pass, for each weight matrix: its length is what the direction's becomes.
  void adapt_lengths(std::span<float> directions, std::span<float> parameters);

  const CudaDevice& device_;
  const float* rate_;
  OptimizerSettings settings_;
  ParameterPlan plan_;
  Buffer first_;
  Buffer second_;
  DeviceArray<kernels::OptimizerProgress> progress_;
  DeviceArray<double> squares_;  // LAMB: of each weight matrix, and of its direction
};

}  // namespace gradus::internal::cuda
