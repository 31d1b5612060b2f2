#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "backend/cuda/cuda_device.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/sample_source.hpp"
#include "backend/samples.hpp"
#include "formulas/sample_view.hpp"

namespace gradus::internal::cuda {

/// Samples in device memory, as bytes where they are bytes, and the order of an epoch with the place that it has come to.
/// They stay at the same addresses, which captured work knows.
class CudaSamples : public Samples {
 public:
  void gather(Matrix x, const WeightedTargets& t) override;

 protected:
  /// Has room for `rows` samples, and the scales; `device` must outlive this.
  CudaSamples(const CudaDevice& device, const SampleSource& source, std::size_t rows);

  [[nodiscard]] const SampleView& view() const { return view_; }
  /// From the beginning of the order.
  void rewind() { position_.clear(device_.stream()); }

  const CudaDevice& device_;
  SampleSource source_;
  DeviceArray<std::uint8_t> bytes_;   // (rows, features); one of this and the next
  DeviceArray<float> floats_;         // (rows, features)
  DeviceArray<std::int32_t> labels_;  // (rows); one of this and the next, or none
  DeviceArray<float> targets_;        // (rows, outputs)
  DeviceArray<float> weights_;        // (rows), or none
  /// Where the samples of the epoch are, in its order: rows of `view`. (source.rows)
  DeviceArray<std::uint32_t> order_;
  DeviceArray<std::size_t> position_;  // how many samples of the order were taken

 private:
  DeviceArray<float> input_shift_;
  DeviceArray<float> input_scale_;
  DeviceArray<float> target_shift_;
  DeviceArray<float> target_scale_;
  SampleView view_;
};

/// All samples in the GPU's memory where they fit; else the next ones, brought as they are needed. `rows`: gathered at once,
/// at most. Throws OutOfMemory, CudaError.
[[nodiscard]] std::unique_ptr<CudaSamples> hold_samples(const CudaDevice& device, const SampleSource& source,
                                                        std::size_t rows);

}  // namespace gradus::internal::cuda
