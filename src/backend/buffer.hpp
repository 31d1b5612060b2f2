#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "backend/matrix_view.hpp"

namespace gradus::internal {

/// The memory of a device. Spans are on the host but for those of `copy`.
class DeviceMemory {
 public:
  virtual ~DeviceMemory() = default;
  /// Memory for `count` floats, at least 64-byte aligned, set to 0. Throws OutOfMemory.
  virtual float* take(std::size_t count) = 0;
  virtual void give_back(float* memory) noexcept = 0;

  virtual void upload(std::span<const float> host, float* device) = 0;
  virtual void download(const float* device, std::span<float> host) = 0;
  /// Within the device; both are of the same size.
  virtual void copy(std::span<const float> from, std::span<float> to) = 0;
};

/// Owns floats in device memory. The memory it came from must outlive it.
class Buffer {
 public:
  Buffer() = default;
  Buffer(DeviceMemory& memory, std::size_t size) : memory_(&memory), data_(memory.take(size)), size_(size) {}
  Buffer(Buffer&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)),
        data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() {
    if (memory_ != nullptr) memory_->give_back(data_);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] float* data() { return data_; }
  [[nodiscard]] const float* data() const { return data_; }
  [[nodiscard]] std::span<float> span() { return {data_, size_}; }
  [[nodiscard]] std::span<const float> span() const { return {data_, size_}; }

 private:
  DeviceMemory* memory_ = nullptr;
  float* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace gradus::internal
