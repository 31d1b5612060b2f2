#pragma once

#include <cuda_runtime_api.h>

#include "backend/cuda/errors.hpp"
#include "backend/cuda/handles.hpp"

namespace gradus::internal::cuda {

/// Makes a GPU the calling thread's current one, and in the end that which it was.
class CurrentDevice {
 public:
  explicit CurrentDevice(int index) : index_(index) {
    check(cudaGetDevice(&before_), "cudaGetDevice");
    check(cudaSetDevice(index), "cudaSetDevice");
  }
  CurrentDevice(const CurrentDevice&) = delete;
  CurrentDevice& operator=(const CurrentDevice&) = delete;
  ~CurrentDevice() {
    if (before_ != index_) static_cast<void>(cudaSetDevice(before_));
  }

 private:
  int index_;
  int before_ = 0;
};

/// One GPU, and the stream that all work of a backend goes into.
class Gpu {
 public:
  /// Throws DeviceError when there is no such GPU, or when it cannot be used.
  explicit Gpu(int index);

  [[nodiscard]] cudaStream_t stream() const { return stream_.get(); }

  /// Calls work() while this GPU is the calling thread's current one. CUDA's errors become Gradus's exceptions.
  template <typename Work>
  decltype(auto) run(Work work) const {  // NOLINT(modernize-use-nodiscard): most work gives nothing
    return with_device_errors([&]() -> decltype(auto) {
      const CurrentDevice current(index_);
      return work();
    });
  }

  /// Until everything in the stream is done.
  void wait() const { check(cudaStreamSynchronize(stream_.get()), "cudaStreamSynchronize"); }

 private:
  int index_;
  Stream stream_;
};

}  // namespace gradus::internal::cuda
