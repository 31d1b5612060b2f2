#pragma once

#include <cstddef>
#include <map>

#include "backend/cuda/cuda_device.hpp"

namespace gradus::internal::cuda {

/// The rate α of descents, and what follows from it, in device memory: captured work takes the values that are there when
/// it runs.
class DescentRate {
 public:
  /// 0. `device` must outlive it.
  explicit DescentRate(const CudaDevice& device);

  void set(float rate);
  [[nodiscard]] const float* on_device() const { return device_rate_.data(); }
  /// −α/B, for batches of this many rows. To be called where the GPU is the current one.
  const float* factor(std::size_t rows);

 private:
  void fill(std::size_t rows, DeviceArray<float>& factor);

  const CudaDevice& device_;
  float rate_ = 0.0F;
  DeviceArray<float> device_rate_;
  std::map<std::size_t, DeviceArray<float>> factors_;  // they stay where they are: captured work knows their places
};

}  // namespace gradus::internal::cuda
