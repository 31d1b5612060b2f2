#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "backend/backend.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/cuda/gpu.hpp"
#include "formulas/sample_view.hpp"

namespace gradus::internal::cuda {

/// Samples in device memory, as bytes where they are bytes, and the order of an epoch with the place that it has come to.
/// They stay at the same addresses, which captured work knows.
class CudaSamples : public Samples {
 public:
  [[nodiscard]] const SampleView& view() const { return view_; }
  /// Where the samples of the epoch are, in its order: rows of `view`.
  [[nodiscard]] const std::uint32_t* order() const { return order_.data(); }
  /// How many samples of the order were taken; in device memory.
  [[nodiscard]] std::size_t* position() const { return position_.data(); }

 protected:
  /// Has room for `rows` samples, and the scales; `gpu` must outlive this.
  CudaSamples(const Gpu& gpu, const SampleSource& source, std::size_t rows);

  /// From the beginning of the order.
  void rewind() { position_.clear(gpu_.stream()); }

  const Gpu& gpu_;
  SampleSource source_;
  DeviceArray<std::uint8_t> bytes_;    // (rows, features); one of this and the next
  DeviceArray<float> floats_;          // (rows, features)
  DeviceArray<std::int32_t> labels_;   // (rows); one of this and the next, or none
  DeviceArray<float> targets_;         // (rows, outputs)
  DeviceArray<float> weights_;         // (rows), or none
  DeviceArray<std::uint32_t> order_;   // (source.rows)
  DeviceArray<std::size_t> position_;  // one

 private:
  DeviceArray<float> input_shift_;
  DeviceArray<float> input_scale_;
  DeviceArray<float> target_shift_;
  DeviceArray<float> target_scale_;
  SampleView view_;
};

/// Whether the GPU's memory has room for all samples now, with an eighth of what is free left for other things.
[[nodiscard]] bool fits(const Gpu& gpu, const SampleSource& source);

/// All samples in the GPU's memory where they fit; else the next ones, brought as they are needed. `rows`: gathered at once,
/// at most. Throws OutOfMemory, CudaError.
[[nodiscard]] std::unique_ptr<CudaSamples> hold_samples(const Gpu& gpu, const SampleSource& source, std::size_t rows);

}  // namespace gradus::internal::cuda
