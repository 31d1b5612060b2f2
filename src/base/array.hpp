#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace gradus::internal {

/// A growing array of numbers. Unlike std::vector it leaves new elements unset and grows by realloc, which on Linux moves
/// pages instead of copying them: reading a large file needs its numbers' memory once, not twice. Throws std::bad_alloc.
template <typename T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Array() = default;
  explicit Array(std::size_t size) { resize(size); }
  Array(Array&& other) noexcept
      : memory_(std::move(other.memory_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Array& operator=(Array&& other) noexcept {
    memory_ = std::move(other.memory_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() = default;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* data() { return memory_.get(); }
  [[nodiscard]] const T* data() const { return memory_.get(); }
  [[nodiscard]] T& operator[](std::size_t i) { return memory_.get()[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return memory_.get()[i]; }
  [[nodiscard]] std::span<T> span() { return {data(), size_}; }
  [[nodiscard]] std::span<const T> span() const { return {data(), size_}; }

  /// New elements are unset.
  void resize(std::size_t size) {
    if (size > capacity_) reallocate(size);
    size_ = size;
  }

  /// Makes room for `count` more elements and returns where they begin; they are unset.
  T* extend(std::size_t count) {
    if (count > capacity_ - size_) {
      if (count > kMax - size_) throw std::bad_alloc();
      const std::size_t needed = size_ + count;
      reallocate(needed > kMax / 2 ? needed : std::max(needed, capacity_ + capacity_ / 2));
    }
    T* first = data() + size_;
    size_ += count;
    return first;
  }

  void push_back(T value) { *extend(1) = value; }

  /// Gives back the memory that growth took in advance.
  void shrink() {
    if (size_ < capacity_) reallocate(size_);
  }

 private:
  static constexpr std::size_t kMax = std::numeric_limits<std::size_t>::max() / 2 / sizeof(T);

  struct Free {
    void operator()(T* memory) const { std::free(memory); }
  };

  void reallocate(std::size_t capacity) {
    if (capacity > kMax) throw std::bad_alloc();
    // realloc(p, 0) is not portable; one element stays.
    void* moved = std::realloc(memory_.get(), std::max<std::size_t>(capacity, 1) * sizeof(T));
    if (moved == nullptr) throw std::bad_alloc();
    static_cast<void>(memory_.release());
    memory_.reset(static_cast<T*>(moved));
    capacity_ = capacity;
  }

  std::unique_ptr<T, Free> memory_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace gradus::internal
