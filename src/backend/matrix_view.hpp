#pragma once

#include <cstddef>
#include <span>

namespace gradus::internal {

/// A borrowed matrix in device memory: row-major, without gaps between its rows.
template <typename T>
struct MatrixView {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;

  [[nodiscard]] std::size_t size() const { return rows * columns; }
  [[nodiscard]] std::span<T> values() const { return {data, size()}; }
  /// The first `count` rows.
  [[nodiscard]] MatrixView top(std::size_t count) const { return {data, count, columns}; }

  operator MatrixView<const T>() const { return {data, rows, columns}; }
};

using Matrix = MatrixView<float>;
using ConstMatrix = MatrixView<const float>;

}  // namespace gradus::internal
