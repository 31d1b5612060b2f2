#pragma once

#include <algorithm>
#include <cstddef>
#include <cuda_runtime_api.h>
#include <span>

#include "backend/cuda/device_array.hpp"
#include "backend/cuda/functions.hpp"
#include "backend/distortion.hpp"
#include "kernels/launchers.hpp"

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
        smoothed_(drawn_.size()) {
    const Distortion& distortion = scaled.distortion;
    how_.transform_key = key_of(distortion.transforms);
    how_.displacement_key = key_of(distortion.displacements);
    how_.height = static_cast<unsigned>(distortion.height);
    how_.width = static_cast<unsigned>(distortion.width);
    how_.channels = static_cast<unsigned>(distortion.channels);
    how_.shift = distortion.shift;
    how_.rotation = distortion.rotation;
    how_.scaling = distortion.scaling;
    how_.elastic = distortion.elastic;
    how_.filter = filter_.data();
    how_.taps = static_cast<unsigned>(filter_.size());
    how_.input_shift = shift_.data();
    how_.input_scale = scale_.data();
    how_.transforms = transforms_.data();
    how_.drawn = drawn_.data();
    how_.smoothed = smoothed_.data();
  }

  /// What to launch for the images from `first` of a batch on.
  [[nodiscard]] kernels::ImageDistortion how(std::size_t first) const {
    kernels::ImageDistortion how = how_;
    how.first_row = first;
    return how;
  }
  [[nodiscard]] std::size_t rows_at_once() const { return rows_at_once_; }

 private:
  static DeviceArray<float> uploaded(std::span<const float> values, cudaStream_t stream) {
    DeviceArray<float> array(values.size());
    array.upload(values, stream);
    return array;
  }

  /// 2²³ pixels have 128 MiB of displacements.
  static constexpr std::size_t kMostPixels = std::size_t{1} << 23;

  kernels::ImageDistortion how_;
  DeviceArray<float> filter_;
  DeviceArray<float> shift_;
  DeviceArray<float> scale_;
  std::size_t rows_at_once_;
  DeviceArray<kernels::ImageTransform> transforms_;
  DeviceArray<float> drawn_;
  DeviceArray<float> smoothed_;
};

}  // namespace gradus::internal::cuda
