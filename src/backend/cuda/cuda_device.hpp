#pragma once

#include <cstddef>
#include <span>

#include "backend/cuda/device_array.hpp"
#include "backend/cuda/float_memory.hpp"
#include "backend/cuda/gpu.hpp"
#include "gradus/device.hpp"
#include "kernels/launchers/on.hpp"

namespace gradus::internal::cuda {

/// What the objects of a backend share: a GPU with one stream, memory for floats, and how kernels are launched.
class CudaDevice {
 public:
  /// The GPU of this number, with blocks of this many threads. Throws DeviceError, OutOfMemory.
  CudaDevice(int index, Precision precision, unsigned block);

  [[nodiscard]] const Gpu& gpu() const { return gpu_; }
  [[nodiscard]] cudaStream_t stream() const { return gpu_.stream(); }
  [[nodiscard]] FloatMemory& memory() { return memory_; }
  /// The GPU's stream, with its working memory.
  [[nodiscard]] const kernels::On& on() const { return on_; }

  /// Gpu::run.
  template <typename Work>
  decltype(auto) run(Work work) const {  // NOLINT(modernize-use-nodiscard): most work gives nothing
    return gpu_.run(work);
  }

  /// Null without twins in bf16.
  [[nodiscard]] kernels::Bf16* twin(const float* place) const { return memory_.twin(place); }
  /// To be called after floats were written that may be operands of products.
  void round_twins(std::span<const float> values) const;

 private:
  Gpu gpu_;
  FloatMemory memory_;
  DeviceArray<kernels::SumScratch> scratch_;
  kernels::On on_;
};

}  // namespace gradus::internal::cuda
