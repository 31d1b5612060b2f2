#pragma once

#include <cstddef>
#include <cstdint>

// Matrix products on device memory, as the stand-ins for cuBLAS and cuBLASLt run them within a stream. products.cpp is
// compiled with the sanitizers of the configuration, unlike the rest of the emulation: they see every element that a product
// reads and writes, so a wrong leading dimension is an access out of bounds and a missing wait a data race.
namespace cuda_emulation {

enum class Element : std::uint8_t { fp32, bf16 };

constexpr std::size_t bytes_of(Element type) {
  return type == Element::fp32 ? 4 : 2;
}

/// A batch of matrices by strides, in elements: element (i, j) of matrix n is at i * row + j * column + n * batch.
/// Transposition and memory order are choices of strides.
struct StridedMatrix {
  void* data = nullptr;
  Element type = Element::fp32;
  std::int64_t row_stride = 1;
  std::int64_t column_stride = 0;
  std::int64_t batch_stride = 0;
};

enum class BiasRole : std::uint8_t {
  none,
  added,      // read: bias(i) is added to row i of the result
  sums_of_a,  // written: bias(i) is the sum of row i of A, whatever alpha is
  sums_of_b,  // written: bias(j) is the sum of column j of B, likewise
};

/// D = activation(alpha A B + beta C + bias), for each of a batch. A (rows, inner), B (inner, columns), C and D (rows,
/// columns).
struct Product {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t inner = 0;
  std::int64_t batches = 1;
  StridedMatrix a;
  StridedMatrix b;
  StridedMatrix c;  // not read when beta is 0
  StridedMatrix d;
  bool tf32 = false;  // round A and B, and so their sums, to tf32
  BiasRole bias_role = BiasRole::none;
  StridedMatrix bias;  // a column
  bool relu = false;   // max(x, 0), and 0 for NaN
};

/// How long the bias is.
inline std::int64_t bias_length(const Product& product) {
  if (product.bias_role == BiasRole::none) return 0;
  return product.bias_role == BiasRole::sums_of_b ? product.columns : product.rows;
}

/// Sums are accumulated in double, in which the products of two floats are exact, and rounded once, to D's type. That is at
/// least as exact as any order of summation in fp32 that a GPU might use, so it differs from a GPU by no more than the GPU
/// does from the truth, and a test's tolerance can be that of one fp32 sum.
void multiply(const Product& product, float alpha, float beta);

/// Reads a scalar from device memory.
float read_scalar(const void* scalar);

/// Overwrites a workspace, as a product that uses it would.
void spoil(void* workspace, std::size_t bytes);

}  // namespace cuda_emulation
