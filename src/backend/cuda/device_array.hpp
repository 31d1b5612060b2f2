#pragma once

#include <cstddef>
#include <cuda_runtime_api.h>
#include <span>
#include <type_traits>
#include <utility>

#include "backend/cuda/errors.hpp"

namespace gradus::internal::cuda {

/// `bytes` bytes of device memory; null for none. Throws OutOfMemory with what there was, and CudaError.
[[nodiscard]] void* allocate(std::size_t bytes);
void release(void* memory) noexcept;

/// Owns values in device memory.
template <typename T>
class DeviceArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  DeviceArray() = default;
  /// Uninitialised.
  explicit DeviceArray(std::size_t size) : data_(static_cast<T*>(allocate(size * sizeof(T)))), size_(size) {}
  DeviceArray(DeviceArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  DeviceArray& operator=(DeviceArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  ~DeviceArray() { release(data_); }

  [[nodiscard]] T* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Copies values of the host to the beginning, in the order of the stream, and waits for it: the values may be destroyed
  /// when this returns, and CUDA alone does not guarantee that they were copied by then.
  void upload(std::span<const T> values, cudaStream_t stream) {
    if (values.empty()) return;
    check(cudaMemcpyAsync(data_, values.data(), values.size_bytes(), cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
    check(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
  }
  /// Copies the beginning to the host, in the order of the stream, and waits for it.
  void download(std::span<T> values, cudaStream_t stream) const {
    if (values.empty()) return;
    check(cudaMemcpyAsync(values.data(), data_, values.size_bytes(), cudaMemcpyDeviceToHost, stream), "cudaMemcpyAsync");
    check(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
  }
  /// Sets all bytes to 0.
  void clear(cudaStream_t stream) {
    if (size_ > 0) check(cudaMemsetAsync(data_, 0, size_ * sizeof(T), stream), "cudaMemsetAsync");
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace gradus::internal::cuda
