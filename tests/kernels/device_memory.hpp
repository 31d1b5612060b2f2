#pragma once

#include <cstddef>
#include <cstring>
#include <cuda_runtime_api.h>
#include <vector>

#include <gtest/gtest.h>

#include "cuda_error.hpp"

namespace gradus::kernels {

/// A stream that waits for no other.
class Stream {
 public:
  Stream() { check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags"); }
  ~Stream() { EXPECT_EQ(cudaStreamDestroy(stream_), cudaSuccess); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  [[nodiscard]] cudaStream_t get() const { return stream_; }
  void wait() const { check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize"); }

 private:
  cudaStream_t stream_ = nullptr;
};

/// An array in device memory between two guard bands, which must be intact when it goes. The first element's address is a
/// multiple of 16, or `offset` elements further on.
template <class T>
class DeviceArray {
 public:
  DeviceArray(const Stream& stream, const std::vector<T>& values, std::size_t offset = 0)
      : stream_(stream), size_(values.size()), front_(kGuard + offset * sizeof(T)) {
    std::vector<unsigned char> all(front_ + size_ * sizeof(T) + kGuard, kPattern);
    if (size_ > 0) std::memcpy(all.data() + front_, values.data(), size_ * sizeof(T));
    check(cudaMalloc(&memory_, all.size()), "cudaMalloc");
    check(cudaMemcpyAsync(memory_, all.data(), all.size(), cudaMemcpyHostToDevice, stream_.get()), "cudaMemcpyAsync");
    stream_.wait();
  }
  ~DeviceArray() {
    expect_intact();
    EXPECT_EQ(cudaFree(memory_), cudaSuccess);
  }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;

  [[nodiscard]] T* data() const { return reinterpret_cast<T*>(static_cast<unsigned char*>(memory_) + front_); }

  /// What it holds when the stream has done all its work.
  [[nodiscard]] std::vector<T> values() const {
    const std::vector<unsigned char> all = download();
    std::vector<T> values(size_);
    if (size_ > 0) std::memcpy(values.data(), all.data() + front_, size_ * sizeof(T));
    return values;
  }

 private:
#if defined(GRADUS_CUDA_EMULATION)
  static constexpr std::size_t kGuard = 0;  // allocations have guards of their own, with which reads are found too
#else
  static constexpr std::size_t kGuard = 32 * sizeof(float);
#endif
  static constexpr unsigned char kPattern = 0xC5;

  [[nodiscard]] std::vector<unsigned char> download() const {
    std::vector<unsigned char> all(front_ + size_ * sizeof(T) + kGuard);
    check(cudaMemcpyAsync(all.data(), memory_, all.size(), cudaMemcpyDeviceToHost, stream_.get()), "cudaMemcpyAsync");
    stream_.wait();
    return all;
  }

  void expect_intact() const {
    const std::vector<unsigned char> all = download();
    const std::size_t behind = front_ + size_ * sizeof(T);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if ((i < front_ || i >= behind) && all[i] != kPattern) {
        ADD_FAILURE() << (i < front_ ? front_ - i : i - behind + 1) << " bytes "
                      << (i < front_ ? "before the beginning" : "behind the end") << " something was written";
      }
    }
  }

  const Stream& stream_;
  std::size_t size_;
  std::size_t front_;
  void* memory_ = nullptr;
};

}  // namespace gradus::kernels
