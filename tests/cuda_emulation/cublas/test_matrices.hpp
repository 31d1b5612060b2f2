#pragma once

#include <cstddef>
#include <cstdint>
#include <cuda_bf16.h>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cuda_emulation/failure.hpp"
#include "cuda_emulation/self_test/fixture.hpp"

// Matrices for the tests of the stand-ins for cuBLAS and cuBLASLt, and a product that is written from its definition.

/// That a rule was broken ends the process, with a message that begins with `message`.
#define EXPECT_FAILURE(statement, message)                                                             \
  EXPECT_EXIT(static_cast<void>(statement), testing::ExitedWithCode(cuda_emulation::kFailureExitCode), \
              "^CUDA emulation: " message)

namespace cuda_emulation {

using gradus::self_test::DeviceArray;
using gradus::self_test::short_numbers;
using gradus::self_test::Stream;

inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
/// What lies below the columns of a result, and must stay.
inline constexpr float kUntouched = 777.0F;

/// A matrix of the host, column by column; what is between the columns is a number of its own.
struct Matrix {
  int rows;
  int columns;
  int leading;
  std::vector<float> values;

  Matrix(int matrix_rows, int matrix_columns, int leading_dimension, float element, float between)
      : rows(matrix_rows),
        columns(matrix_columns),
        leading(leading_dimension),
        values(static_cast<std::size_t>(leading * columns), between) {
    for (int row = 0; row < rows; ++row)
      for (int column = 0; column < columns; ++column) at(row, column) = element;
  }

  [[nodiscard]] float& at(int row, int column) { return values[static_cast<std::size_t>(column * leading + row)]; }
  [[nodiscard]] float at(int row, int column) const { return values[static_cast<std::size_t>(column * leading + row)]; }
};

/// An operand: short numbers, and NaN between the columns, which must not be read. `transposed`: it is stored so.
inline Matrix operand(int rows, int columns, bool transposed, int padding, std::uint32_t seed) {
  if (transposed) std::swap(rows, columns);
  Matrix matrix(rows, columns, rows + padding, 0.0F, kNaN);
  const std::vector<float> numbers = short_numbers(static_cast<std::size_t>(rows * columns), seed);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column)
      matrix.at(row, column) = numbers[static_cast<std::size_t>(column * rows + row)];
  return matrix;
}

/// A matrix that a result replaces.
inline Matrix result(int rows, int columns, int padding, float element) {
  return {rows, columns, rows + padding, element, kUntouched};
}

/// alpha op(A) op(B) + beta C. C is not read when beta is 0.
inline Matrix product(float alpha, const Matrix& a, bool transpose_a, const Matrix& b, bool transpose_b, float beta,
                      const Matrix& c) {
  Matrix d = c;
  const int inner = transpose_a ? a.rows : a.columns;
  for (int row = 0; row < d.rows; ++row) {
    for (int column = 0; column < d.columns; ++column) {
      double sum = 0;
      for (int i = 0; i < inner; ++i)
        sum += double{transpose_a ? a.at(i, row) : a.at(row, i)} * double{transpose_b ? b.at(column, i) : b.at(i, column)};
      const double scaled = beta == 0 ? 0.0 : double{beta} * double{c.at(row, column)};
      d.at(row, column) = static_cast<float>(double{alpha} * sum + scaled);
    }
  }
  return d;
}

inline std::vector<__nv_bfloat16> to_bf16(const std::vector<float>& values) {
  std::vector<__nv_bfloat16> rounded;
  for (const float value : values) rounded.push_back(__float2bfloat16(value));
  return rounded;
}

/// A matrix's memory on the device, in fp32 or bf16.
template <class T>
std::vector<T> stored(const std::vector<float>& values) {
  if constexpr (std::is_same_v<T, float>) {
    return values;
  } else {
    return to_bf16(values);
  }
}

}  // namespace cuda_emulation
