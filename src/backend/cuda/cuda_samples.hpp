#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "backend/backend.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/cuda/gpu.hpp"
#include "kernels/launchers.hpp"

namespace gradus::internal::cuda {

/// A whole data set in device memory, as bytes where it is bytes, and the order of an epoch with the place that it has come
/// to.
class CudaSamples final : public Samples {
 public:
  /// Copies what the source points to. `gpu` must outlive this.
  CudaSamples(const Gpu& gpu, const SampleSource& source);

  void set_order(std::span<const std::uint32_t> order) override;

  [[nodiscard]] const kernels::DeviceSamples& view() const { return view_; }
  [[nodiscard]] const std::uint32_t* order() const { return order_.data(); }
  /// How many samples of the order were taken; in device memory.
  [[nodiscard]] std::size_t* position() const { return position_.data(); }

 private:
  template <typename T>
  const T* copy(DeviceArray<T>& array, const T* values, std::size_t count);

  const Gpu& gpu_;
  kernels::DeviceSamples view_;
  DeviceArray<std::uint8_t> bytes_;
  DeviceArray<float> floats_;
  DeviceArray<float> input_shift_;
  DeviceArray<float> input_scale_;
  DeviceArray<std::int32_t> labels_;
  DeviceArray<float> targets_;
  DeviceArray<float> target_shift_;
  DeviceArray<float> target_scale_;
  DeviceArray<std::uint32_t> order_;
  DeviceArray<std::size_t> position_;
};

}  // namespace gradus::internal::cuda
