#pragma once

#include <algorithm>
#include <cstddef>
#include <cuda_runtime_api.h>
#include <span>

#include "backend/cuda/cuda_device.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/random_draws.hpp"
#include "kernels/launchers/augmentation.hpp"

namespace gradus::internal::cuda {

/// A distortion and its working memory on the device.
class CudaDistorter final : public Distorter {
 public:
  /// `visits` is the draws' own, on the device. To be called where the GPU is the current one.
  CudaDistorter(const CudaDevice& device, const unsigned long long* visits, const ScaledDistortion& scaled, std::size_t rows)
      : device_(device),
        filter_(uploaded(scaled.distortion.filter, device.stream())),
        shift_(uploaded(scaled.input_shift, device.stream())),
        scale_(uploaded(scaled.input_scale, device.stream())),
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
    work_.visits = visits;
  }

  void apply(ConstMatrix images, Matrix x) override {
    device_.run([&] {
      kernels::DistortedImages work = work_;
      for (; work.first_row < x.rows; work.first_row += rows_at_once_) {
        const std::size_t first = work.first_row * x.columns;
        work.rows = std::min(rows_at_once_, x.rows - work.first_row);
        work.images = images.data + first;
        work.x = x.data + first;
        work.rounded = device_.twin(work.x);
        kernels::launch_distort(work, device_.on());
      }
    });
  }

 private:
  static DeviceArray<float> uploaded(std::span<const float> values, cudaStream_t stream) {
    DeviceArray<float> array(values.size());
    array.upload(values, stream);
    return array;
  }

  /// 2²³ pixels have 128 MiB of displacements.
  static constexpr std::size_t kMostPixels = std::size_t{1} << 23;

  const CudaDevice& device_;
  DeviceArray<float> filter_;
  DeviceArray<float> shift_;
  DeviceArray<float> scale_;
  std::size_t rows_at_once_;
  DeviceArray<ImageTransform> transforms_;
  DeviceArray<float> drawn_;
  DeviceArray<float> smoothed_;
  kernels::DistortedImages work_;  // what to launch, but for the images
};

}  // namespace gradus::internal::cuda
