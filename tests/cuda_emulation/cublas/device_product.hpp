#pragma once

#include <cstddef>
#include <cstdint>
#include <cublas_api.h>
#include <string>

#include "cuda_emulation/cublas/products.hpp"

// From a checked call to a product within a stream: what cublasSgemm, cublasGemmEx and cublasLtMatmul share.
namespace cuda_emulation {

/// What handles of both libraries begin with; a handle of cuBLAS may be used as one of cuBLASLt.
inline constexpr std::uint32_t kHandleTag = 0x626C'6173U;

/// The factors alpha and beta: of the host, read now, or of the device, read when the stream runs.
struct Factors {
  const void* alpha = nullptr;
  const void* beta = nullptr;
  bool on_device = false;
};

struct Workspace {
  void* data = nullptr;
  std::size_t bytes = 0;       // what it has
  std::size_t bytes_used = 0;  // what the product overwrites
};

/// Ends the process for memory that the device does not reach, or that overlaps where it must not; then puts the product
/// into the stream. `function` names the call. The answer is an error when the stream's capture is spoilt already.
cublasStatus_t enqueue_product(const char* function, cudaStream_t stream, const Product& product, const Factors& factors,
                               const Workspace& workspace);

/// The matrix of a layout with leading dimension: `transposed` as an operand, `row_major` as memory.
inline StridedMatrix strided(void* data, Element type, std::int64_t leading_dimension, bool transposed,
                             bool row_major = false) {
  const bool rows_apart = transposed != row_major;
  return {.data = data,
          .type = type,
          .row_stride = rows_apart ? leading_dimension : 1,
          .column_stride = rows_apart ? 1 : leading_dimension,
          .batch_stride = 0};
}

/// The types of operands and results that cuBLAS multiplies with fp32 accumulation, and whether it rounds the operands to
/// tf32. False for those that it does not have, or that are not emulated.
bool find_arithmetic(std::int32_t compute_type, std::uint32_t operand_type, std::uint32_t result_type, bool& tf32);

inline bool is_operation(std::int32_t operation) {
  return operation == CUBLAS_OP_N || operation == CUBLAS_OP_T || operation == CUBLAS_OP_C;  // C: as T, for real numbers
}

inline Element element_of(std::uint32_t type) {
  return type == CUDA_R_16BF ? Element::bf16 : Element::fp32;
}

}  // namespace cuda_emulation
