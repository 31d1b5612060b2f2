// cuBLAS: handles and products.

#include <algorithm>
#include <cstdint>
#include <cublas_v2.h>

#include "cuda_emulation/cublas/device_product.hpp"
#include "cuda_emulation/cublas/status.hpp"
#include "cuda_emulation/runtime/stand_in.hpp"

struct cublasContext {
  std::uint32_t tag = cuda_emulation::kHandleTag;
  cublasMath_t math_mode = CUBLAS_DEFAULT_MATH;
  cublasPointerMode_t pointer_mode = CUBLAS_POINTER_MODE_HOST;
  cudaStream_t stream = nullptr;
  cuda_emulation::Workspace workspace;
};

namespace cuda_emulation {

namespace {

/// Begins a call that needs a handle.
cublasStatus_t begin_with(cublasHandle_t handle, const char* function) {
  if (const cublasStatus_t status = begin_blas_call(function); status != CUBLAS_STATUS_SUCCESS) return status;
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (handle->tag != kHandleTag) fail(std::string(function) + ": the handle is none, or is destroyed");
  return CUBLAS_STATUS_SUCCESS;
}

struct Operand {
  const void* data;
  std::uint32_t type;
  int leading_dimension;
  cublasOperation_t operation = CUBLAS_OP_N;
};

StridedMatrix strided(const Operand& operand) {
  return strided(const_cast<void*>(operand.data), element_of(operand.type), operand.leading_dimension,
                 operand.operation != CUBLAS_OP_N);
}

/// C = alpha A B + beta C. A (m, k), B (k, n) after their operations.
cublasStatus_t gemm(const char* function, const cublasContext& handle, int m, int n, int k, const Operand& a,
                    const Operand& b, const Operand& c, const void* alpha, const void* beta,
                    cublasComputeType_t compute_type) {
  if (!is_operation(a.operation) || !is_operation(b.operation)) return CUBLAS_STATUS_INVALID_VALUE;
  if (m < 0 || n < 0 || k < 0) return CUBLAS_STATUS_INVALID_VALUE;
  const bool transposed_a = a.operation != CUBLAS_OP_N;
  const bool transposed_b = b.operation != CUBLAS_OP_N;
  if (a.leading_dimension < std::max(1, transposed_a ? k : m) || b.leading_dimension < std::max(1, transposed_b ? n : k) ||
      c.leading_dimension < std::max(1, m))
    return CUBLAS_STATUS_INVALID_VALUE;
  if (alpha == nullptr || beta == nullptr) return CUBLAS_STATUS_INVALID_VALUE;

  Product product;
  const bool may_use_tf32 = (static_cast<unsigned>(handle.math_mode) & 0xFU) == CUBLAS_TF32_TENSOR_OP_MATH;
  if (may_use_tf32 && compute_type == CUBLAS_COMPUTE_32F && a.type == CUDA_R_32F)
    compute_type = CUBLAS_COMPUTE_32F_FAST_TF32;
  if (a.type != b.type || !find_arithmetic(compute_type, a.type, c.type, product.tf32)) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
  if (c.data == nullptr || (k > 0 && (a.data == nullptr || b.data == nullptr))) return CUBLAS_STATUS_INVALID_VALUE;

  product.rows = m;
  product.columns = n;
  product.inner = k;
  product.a = strided(a);
  product.b = strided(b);
  product.c = strided(c);
  product.d = product.c;
  Workspace workspace = handle.workspace;
  workspace.bytes_used = workspace.bytes;
  return enqueue_product(function, handle.stream, product, {alpha, beta, handle.pointer_mode == CUBLAS_POINTER_MODE_DEVICE},
                         workspace);
}

}  // namespace

}  // namespace cuda_emulation

using cuda_emulation::begin_with;

extern "C" {

cublasStatus_t cublasCreate_v2(cublasHandle_t* handle) {
  if (const cublasStatus_t status = cuda_emulation::begin_blas_call("cublasCreate"); status != CUBLAS_STATUS_SUCCESS)
    return status;
  if (handle == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  if (cuda_emulation::is_capturing()) return CUBLAS_STATUS_NOT_INITIALIZED;
  *handle = new cublasContext;
  cuda_emulation::count_object("cublas handle", +1);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  const cublasStatus_t status = cuda_emulation::begin_blas_release("cublasDestroy");
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (handle->tag != cuda_emulation::kHandleTag) cuda_emulation::fail("cublasDestroy: the handle is none, or is destroyed");
  handle->tag = 0;
  delete handle;
  cuda_emulation::count_object("cublas handle", -1);
  return status;
}

/// Another stream has the library's own workspace again.
cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream) {
  if (const cublasStatus_t status = begin_with(handle, "cublasSetStream"); status != CUBLAS_STATUS_SUCCESS) return status;
  handle->stream = stream;
  handle->workspace = {};
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, std::size_t bytes) {
  if (const cublasStatus_t status = begin_with(handle, "cublasSetWorkspace"); status != CUBLAS_STATUS_SUCCESS) return status;
  if (reinterpret_cast<std::uintptr_t>(workspace) % 256 != 0) return CUBLAS_STATUS_INVALID_VALUE;
  if (workspace == nullptr && bytes != 0) return CUBLAS_STATUS_INVALID_VALUE;
  cuda_emulation::check_device_range(workspace, bytes, "cublasSetWorkspace: the workspace");
  handle->workspace = {.data = workspace, .bytes = bytes, .bytes_used = 0};
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  if (const cublasStatus_t status = begin_with(handle, __func__); status != CUBLAS_STATUS_SUCCESS) return status;
  const auto bits = static_cast<unsigned>(mode);
  if ((bits & ~(0xFU | CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION)) != 0) return CUBLAS_STATUS_INVALID_VALUE;
  switch (bits & 0xFU) {
    case CUBLAS_DEFAULT_MATH:
    case CUBLAS_PEDANTIC_MATH:
    case CUBLAS_TF32_TENSOR_OP_MATH:
      break;
    default:
      return CUBLAS_STATUS_NOT_SUPPORTED;  // not emulated
  }
  handle->math_mode = mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t mode) {
  if (const cublasStatus_t status = begin_with(handle, "cublasSetPointerMode"); status != CUBLAS_STATUS_SUCCESS)
    return status;
  if (mode != CUBLAS_POINTER_MODE_HOST && mode != CUBLAS_POINTER_MODE_DEVICE) return CUBLAS_STATUS_INVALID_VALUE;
  handle->pointer_mode = mode;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasSgemm_v2(cublasHandle_t handle, cublasOperation_t operation_a, cublasOperation_t operation_b, int m,
                              int n, int k, const float* alpha, const float* a, int a_leading, const float* b, int b_leading,
                              const float* beta, float* c, int c_leading) {
  if (const cublasStatus_t status = begin_with(handle, "cublasSgemm"); status != CUBLAS_STATUS_SUCCESS) return status;
  return cuda_emulation::gemm("cublasSgemm", *handle, m, n, k, {a, CUDA_R_32F, a_leading, operation_a},
                              {b, CUDA_R_32F, b_leading, operation_b}, {c, CUDA_R_32F, c_leading}, alpha, beta,
                              CUBLAS_COMPUTE_32F);
}

/// Whatever algorithm is asked for: those of current GPUs are all the same one.
cublasStatus_t cublasGemmEx(cublasHandle_t handle, cublasOperation_t operation_a, cublasOperation_t operation_b, int m,
                            int n, int k, const void* alpha, const void* a, cudaDataType a_type, int a_leading,
                            const void* b, cudaDataType b_type, int b_leading, const void* beta, void* c,
                            cudaDataType c_type, int c_leading, cublasComputeType_t compute_type,
                            cublasGemmAlgo_t /*algorithm*/) {
  if (const cublasStatus_t status = begin_with(handle, __func__); status != CUBLAS_STATUS_SUCCESS) return status;
  return cuda_emulation::gemm(__func__, *handle, m, n, k, {a, static_cast<std::uint32_t>(a_type), a_leading, operation_a},
                              {b, static_cast<std::uint32_t>(b_type), b_leading, operation_b},
                              {c, static_cast<std::uint32_t>(c_type), c_leading}, alpha, beta, compute_type);
}
}
