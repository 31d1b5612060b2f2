#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cublasLt.h>
#include <stdexcept>
#include <string>

namespace gradus::self_test {

inline void check_status(cublasStatus_t status, const std::string& call) {
  if (status != CUBLAS_STATUS_SUCCESS)
    throw std::runtime_error(call + ": " + cublasLtGetStatusName(status) + ", " + cublasLtGetStatusString(status));
}

/// A matrix in column-major order: element (i, j) is at i + j · leading.
struct Matrix {
  int rows;
  int columns;
  int leading;
  bool transposed = false;
};

/// A product of fp32 matrices by cuBLASLt, planned once: D = alpha · A B + beta · D. The factors are in device memory.
class LtProduct {
 public:
  LtProduct(cublasLtHandle_t handle, const Matrix& a, const Matrix& b, const Matrix& d, std::size_t workspace_bytes)
      : handle_(handle), layouts_{layout(a), layout(b), layout(d)} {
    check_status(cublasLtMatmulDescCreate(&operation_, CUBLAS_COMPUTE_32F, CUDA_R_32F), "cublasLtMatmulDescCreate");
    set(CUBLASLT_MATMUL_DESC_POINTER_MODE, static_cast<std::int32_t>(CUBLASLT_POINTER_MODE_DEVICE));
    set(CUBLASLT_MATMUL_DESC_TRANSA, static_cast<std::int32_t>(a.transposed ? CUBLAS_OP_T : CUBLAS_OP_N));
    set(CUBLASLT_MATMUL_DESC_TRANSB, static_cast<std::int32_t>(b.transposed ? CUBLAS_OP_T : CUBLAS_OP_N));
    ask_for_algorithm(workspace_bytes);
  }
  ~LtProduct() {
    for (const cublasLtMatrixLayout_t each : layouts_) static_cast<void>(cublasLtMatrixLayoutDestroy(each));
    static_cast<void>(cublasLtMatmulDescDestroy(operation_));
  }
  LtProduct(const LtProduct&) = delete;
  LtProduct& operator=(const LtProduct&) = delete;

  /// Done by the constructor too.
  void ask_for_algorithm(std::size_t workspace_bytes) {
    cublasLtMatmulPreference_t preference = nullptr;
    check_status(cublasLtMatmulPreferenceCreate(&preference), "cublasLtMatmulPreferenceCreate");
    check_status(cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspace_bytes,
                                                      sizeof workspace_bytes),
                 "cublasLtMatmulPreferenceSetAttribute");
    int found = 0;
    const auto& [a, b, d] = layouts_;
    const cublasStatus_t status =
        cublasLtMatmulAlgoGetHeuristic(handle_, operation_, a, b, d, d, preference, 1, &choice_, &found);
    static_cast<void>(cublasLtMatmulPreferenceDestroy(preference));
    check_status(status, "cublasLtMatmulAlgoGetHeuristic");
    if (found != 1) throw std::runtime_error("cuBLASLt knows no algorithm");
  }

  [[nodiscard]] std::size_t workspace_bytes() const { return choice_.workspaceSize; }

  void run(const float* alpha, const float* a, const float* b, const float* beta, float* d, void* workspace,
           std::size_t workspace_bytes, cudaStream_t stream) const {
    const auto& [a_layout, b_layout, d_layout] = layouts_;
    check_status(cublasLtMatmul(handle_, operation_, alpha, a, a_layout, b, b_layout, beta, d, d_layout, d, d_layout,
                                &choice_.algo, workspace, workspace_bytes, stream),
                 "cublasLtMatmul");
  }

 private:
  static cublasLtMatrixLayout_t layout(const Matrix& matrix) {
    cublasLtMatrixLayout_t layout = nullptr;
    check_status(cublasLtMatrixLayoutCreate(&layout, CUDA_R_32F, static_cast<std::uint64_t>(matrix.rows),
                                            static_cast<std::uint64_t>(matrix.columns), matrix.leading),
                 "cublasLtMatrixLayoutCreate");
    return layout;
  }

  void set(cublasLtMatmulDescAttributes_t attribute, std::int32_t value) {
    check_status(cublasLtMatmulDescSetAttribute(operation_, attribute, &value, sizeof value),
                 "cublasLtMatmulDescSetAttribute");
  }

  cublasLtHandle_t handle_;
  cublasLtMatmulDesc_t operation_ = nullptr;
  std::array<cublasLtMatrixLayout_t, 3> layouts_;
  cublasLtMatmulHeuristicResult_t choice_{};
};

}  // namespace gradus::self_test
