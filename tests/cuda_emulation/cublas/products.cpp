#include "cuda_emulation/cublas/products.hpp"

#include <bit>
#include <cstring>
#include <memory>

#include "cuda_emulation/options.hpp"

namespace cuda_emulation {

namespace {

float from_bf16(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16U);
}

bool is_special(std::uint32_t bits) {
  return (bits & 0x7F80'0000U) == 0x7F80'0000U;  // NaN or infinity
}

/// To nearest, ties to even; NaN stays NaN.
std::uint16_t to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (is_special(bits)) return static_cast<std::uint16_t>(bits >> 16U | ((bits & 0xFFFFU) != 0 ? 1U : 0U));
  return static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16U & 1U)) >> 16U);
}

/// To the 10 bits of tf32's mantissa, to nearest with ties away from zero (cvt.rna.tf32.f32). A GPU may as well cut the
/// other bits off: a test must allow for twice this error.
float to_tf32(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (is_special(bits)) return value;
  return std::bit_cast<float>((bits + 0x1000U) & ~0x1FFFU);
}

std::int64_t offset(const StridedMatrix& matrix, std::int64_t batch, std::int64_t row, std::int64_t column) {
  return batch * matrix.batch_stride + row * matrix.row_stride + column * matrix.column_stride;
}

float load(const StridedMatrix& matrix, std::int64_t at) {
  if (matrix.type == Element::fp32) return static_cast<const float*>(matrix.data)[at];
  return from_bf16(static_cast<const std::uint16_t*>(matrix.data)[at]);
}

void store(const StridedMatrix& matrix, std::int64_t at, double value) {
  // Through float: accumulators are fp32, and rounding twice is what a GPU does.
  const auto single = static_cast<float>(value);
  if (matrix.type == Element::fp32) {
    static_cast<float*>(matrix.data)[at] = single;
  } else {
    static_cast<std::uint16_t*>(matrix.data)[at] = to_bf16(single);
  }
}

using Doubles = std::unique_ptr<double[]>;

/// A matrix in memory of our own, each element read once: rows one after the other.
Doubles gather(const StridedMatrix& matrix, std::int64_t batch, std::int64_t rows, std::int64_t columns, bool tf32) {
  Doubles packed(new double[static_cast<std::size_t>(rows * columns)]);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      const float value = load(matrix, offset(matrix, batch, row, column));
      packed[static_cast<std::size_t>(row * columns + column)] = double{tf32 ? to_tf32(value) : value};
    }
  }
  return packed;
}

StridedMatrix transposed(StridedMatrix matrix) {
  const std::int64_t row_stride = matrix.row_stride;
  matrix.row_stride = matrix.column_stride;
  matrix.column_stride = row_stride;
  return matrix;
}

// What follows works on packed memory alone, where there is nothing to find: a sanitizer would only make it slow.
#define CUDA_EMULATION_UNSANITIZED __attribute__((no_sanitize("address", "thread", "undefined")))

CUDA_EMULATION_UNSANITIZED double sum(const double* values, std::int64_t count) {
  double result = 0;
  for (std::int64_t i = 0; i < count; ++i) result += values[i];
  return result;
}

/// The scalar products of a row of A with four columns of B. Each is summed in the order of its index.
CUDA_EMULATION_UNSANITIZED void dot_four(const double* a, const double* const* b, std::int64_t count, double* results) {
  const double *b0 = b[0], *b1 = b[1], *b2 = b[2], *b3 = b[3];
  double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    s0 += a[i] * b0[i];
    s1 += a[i] * b1[i];
    s2 += a[i] * b2[i];
    s3 += a[i] * b3[i];
  }
  results[0] = s0;
  results[1] = s1;
  results[2] = s2;
  results[3] = s3;
}

/// One row of A B.
CUDA_EMULATION_UNSANITIZED void multiply_row(const double* a, const double* b, std::int64_t columns, std::int64_t inner,
                                             double* results) {
  for (std::int64_t column = 0; column < columns; column += 4) {
    const double* four[4];
    double values[4];
    for (std::int64_t i = 0; i < 4; ++i) four[i] = b + (column + i < columns ? column + i : column) * inner;
    dot_four(a, four, inner, values);
    for (std::int64_t i = 0; i < 4 && column + i < columns; ++i) results[column + i] = values[i];
  }
}

void write_sums(const Product& product, std::int64_t batch, const double* packed, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i)
    store(product.bias, offset(product.bias, batch, i, 0), sum(packed + i * product.inner, product.inner));
}

void multiply_one(const Product& product, std::int64_t batch, double alpha, double beta) {
  // Also when alpha is 0: nobody may rely on a NaN in A or B being passed over then.
  const Doubles a = gather(product.a, batch, product.rows, product.inner, product.tf32);
  const Doubles b = gather(transposed(product.b), batch, product.columns, product.inner, product.tf32);
  const Doubles results(new double[static_cast<std::size_t>(product.columns)]);
  for (std::int64_t row = 0; row < product.rows; ++row) {
    multiply_row(a.get() + row * product.inner, b.get(), product.columns, product.inner, results.get());
    const double bias =
        product.bias_role == BiasRole::added ? double{load(product.bias, offset(product.bias, batch, row, 0))} : 0;
    for (std::int64_t column = 0; column < product.columns; ++column) {
      double value = alpha * results[static_cast<std::size_t>(column)] + bias;
      if (beta != 0) value += beta * double{load(product.c, offset(product.c, batch, row, column))};
      if (product.relu && !(value > 0)) value = 0;
      store(product.d, offset(product.d, batch, row, column), value);
    }
  }
  if (product.bias_role == BiasRole::sums_of_a) write_sums(product, batch, a.get(), product.rows);
  if (product.bias_role == BiasRole::sums_of_b) write_sums(product, batch, b.get(), product.columns);
}

}  // namespace

void multiply(const Product& product, float alpha, float beta) {
  for (std::int64_t batch = 0; batch < product.batches; ++batch) multiply_one(product, batch, double{alpha}, double{beta});
}

float read_scalar(const void* scalar) {
  return *static_cast<const float*>(scalar);
}

void spoil(void* workspace, std::size_t bytes) {
  std::memset(workspace, kGarbage, bytes);
}

}  // namespace cuda_emulation
