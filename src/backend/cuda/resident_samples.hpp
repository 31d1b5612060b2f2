#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "backend/cuda/cuda_samples.hpp"

namespace gradus::internal::cuda {

/// A whole data set in device memory.
class ResidentSamples final : public CudaSamples {
 public:
  /// Copies what the source points to. `gpu` must outlive this.
  ResidentSamples(const Gpu& gpu, const SampleSource& source);

  void set_order(std::span<const std::uint32_t> order) override { begin(order); }
  void prepare(std::size_t /*count*/) override {}
};

}  // namespace gradus::internal::cuda
