#pragma once

#include <cstddef>
#include <cuda_runtime_api.h>
#include <type_traits>
#include <utility>

#include "backend/cuda/errors.hpp"

namespace gradus::internal::cuda {

/// `bytes` bytes of the host's memory that the GPU copies from by itself; null for none. Throws OutOfMemory, CudaError.
[[nodiscard]] void* allocate_pinned(std::size_t bytes);
void release_pinned(void* memory) noexcept;

/// Owns values in pinned memory of the host.
template <typename T>
class PinnedArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  PinnedArray() = default;
  /// Uninitialised.
  explicit PinnedArray(std::size_t size) : data_(static_cast<T*>(allocate_pinned(size * sizeof(T)))) {}
  PinnedArray(PinnedArray&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
  PinnedArray& operator=(PinnedArray&& other) noexcept {
    std::swap(data_, other.data_);
    return *this;
  }
  PinnedArray(const PinnedArray&) = delete;
  PinnedArray& operator=(const PinnedArray&) = delete;
  ~PinnedArray() { release_pinned(data_); }

  [[nodiscard]] T* data() const { return data_; }

 private:
  T* data_ = nullptr;
};

}  // namespace gradus::internal::cuda
