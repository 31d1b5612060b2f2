#pragma once

#include <algorithm>
#include <cstddef>
#include <cuda_runtime_api.h>
#include <span>

#include "backend/cuda/device_array.hpp"
#include "backend/distortion.hpp"
#include "kernels/launchers/augmentation.hpp"

namespace gradus::internal::cuda {

/// A distortion and its working memory on the device.
class CudaDistorter final : public Distorter {
 public:
  CudaDistorter(const ScaledDistortion& scaled, std::size_t rows, cudaStream_t stream)
      : filter_(uploaded(scaled.distortion.filter, stream)),
        shift_(uploaded(scaled.input_shift, stream)),
        scale_(uploaded(scaled.input_scale, stream)),
        rows_at_once_(std::clamp<std::size_t>(kMostPixels / scaled.distortion.pixels(), 1, rows)),
        transforms_(rows_at_once_),
        drawn_(scaled.distortion.filter.empty() ? 0 : 2 * rows_at_once_ * scaled.distortion.pixels()),
        smoothed_(drawn_.size()),
        work_{.distortion =
                  scaled.distortion.with(kernels::DeviceFilter{filter_.data(), static_cast<unsigned>(filter_.size())})} {
    work_.input_shift = shift_.data();
    work_.input_scale = scale_.data();
    work_.transforms = transforms_.data();
    work_.drawn = drawn_.data();
    work_.smoothed = smoothed_.data();
  }

  /// What to launch, but for the images and their visits.
  [[nodiscard]] const kernels::DistortedImages& work() const { return work_; }
  [[nodiscard]] std::size_t rows_at_once() const { return rows_at_once_; }

 private:
  static DeviceArray<float> uploaded(std::span<const float> values, cudaStream_t stream) {
    DeviceArray<float> array(values.size());
    array.upload(values, stream);
    return array;
  }

  /// 2²³ pixels have 128 MiB of displacements.
  static constexpr std::size_t kMostPixels = std::size_t{1} << 23;

  DeviceArray<float> filter_;
  DeviceArray<float> shift_;
  DeviceArray<float> scale_;
  std::size_t rows_at_once_;
  DeviceArray<ImageTransform> transforms_;
  DeviceArray<float> drawn_;
  DeviceArray<float> smoothed_;
  kernels::DistortedImages work_;
};

}  // namespace gradus::internal::cuda
