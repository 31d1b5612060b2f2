#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cublasLt.h>

#include "cuda_emulation/cublas/test_matrices.hpp"

namespace cuda_emulation {

/// The properties of a product besides its shape.
struct LtOptions {
  bool transpose_a = false;
  bool transpose_b = false;
  cudaDataType operands = CUDA_R_32F;
  cudaDataType results = CUDA_R_32F;
  cublasComputeType_t compute_type = CUBLAS_COMPUTE_32F;
  cublasLtEpilogue_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  void* bias = nullptr;
};

struct LtAddresses {
  const void* a = nullptr;
  const void* b = nullptr;
  const void* c = nullptr;
  void* d = nullptr;
};

/// The descriptors of a product by cuBLASLt and its algorithm, given back with it. The layout of C is that of D, unless it
/// is described by one of its own.
class LtMatmul {
 public:
  enum Which : std::size_t { A, B, C, D };

  LtMatmul(const Matrix& a, const Matrix& b, const Matrix& d, const LtOptions& options) {
    EXPECT_EQ(cublasLtMatmulDescCreate(&operation_, options.compute_type, CUDA_R_32F), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(cublasLtMatmulPreferenceCreate(&preference_), CUBLAS_STATUS_SUCCESS);
    set(CUBLASLT_MATMUL_DESC_TRANSA, std::int32_t{options.transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N});
    set(CUBLASLT_MATMUL_DESC_TRANSB, std::int32_t{options.transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N});
    set(CUBLASLT_MATMUL_DESC_EPILOGUE, std::uint32_t{options.epilogue});
    if (options.bias != nullptr) set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, options.bias);
    describe(A, options.operands, a);
    describe(B, options.operands, b);
    describe(D, options.results, d);
  }
  ~LtMatmul() {
    for (const cublasLtMatrixLayout_t layout : layouts_)
      if (layout != nullptr) static_cast<void>(cublasLtMatrixLayoutDestroy(layout));
    static_cast<void>(cublasLtMatmulPreferenceDestroy(preference_));
    static_cast<void>(cublasLtMatmulDescDestroy(operation_));
  }
  LtMatmul(const LtMatmul&) = delete;
  LtMatmul& operator=(const LtMatmul&) = delete;

  [[nodiscard]] cublasLtMatmulDesc_t operation() const { return operation_; }
  [[nodiscard]] cublasLtMatmulPreference_t preference() const { return preference_; }
  [[nodiscard]] cublasLtMatrixLayout_t layout(Which which) const {
    return which == C && layouts_[C] == nullptr ? layouts_[D] : layouts_[which];
  }
  void describe(Which which, cudaDataType type, const Matrix& matrix) {
    EXPECT_EQ(cublasLtMatrixLayoutCreate(&layouts_[which], type, static_cast<std::uint64_t>(matrix.rows),
                                         static_cast<std::uint64_t>(matrix.columns), matrix.leading),
              CUBLAS_STATUS_SUCCESS);
  }

  template <class Value>
  void set(cublasLtMatmulDescAttributes_t attribute, const Value& value) {
    EXPECT_EQ(cublasLtMatmulDescSetAttribute(operation_, attribute, &value, sizeof value), CUBLAS_STATUS_SUCCESS);
  }
  template <class Value>
  void set(Which which, cublasLtMatrixLayoutAttribute_t attribute, const Value& value) {
    EXPECT_EQ(cublasLtMatrixLayoutSetAttribute(layouts_[which], attribute, &value, sizeof value), CUBLAS_STATUS_SUCCESS);
  }
  template <class Value>
  void set(cublasLtMatmulPreferenceAttributes_t attribute, const Value& value) {
    EXPECT_EQ(cublasLtMatmulPreferenceSetAttribute(preference_, attribute, &value, sizeof value), CUBLAS_STATUS_SUCCESS);
  }
  /// A matrix of `rows` rows that lie one after the other, as a Matrix holds it that is transposed.
  void set_row_major(Which which) {
    std::uint64_t rows = 0, columns = 0;
    std::size_t written = 0;
    EXPECT_EQ(cublasLtMatrixLayoutGetAttribute(layouts_[which], CUBLASLT_MATRIX_LAYOUT_ROWS, &rows, sizeof rows, &written),
              CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(
        cublasLtMatrixLayoutGetAttribute(layouts_[which], CUBLASLT_MATRIX_LAYOUT_COLS, &columns, sizeof columns, &written),
        CUBLAS_STATUS_SUCCESS);
    set(which, CUBLASLT_MATRIX_LAYOUT_ROWS, columns);
    set(which, CUBLASLT_MATRIX_LAYOUT_COLS, rows);
    set(which, CUBLASLT_MATRIX_LAYOUT_ORDER, std::int32_t{CUBLASLT_ORDER_ROW});
  }

  /// Asks for an algorithm that may use this much memory.
  cublasStatus_t choose(cublasLtHandle_t handle, std::uint64_t workspace_bytes = 0) {
    set(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, workspace_bytes);
    int found = 0;
    const cublasStatus_t status = cublasLtMatmulAlgoGetHeuristic(handle, operation_, layout(A), layout(B), layout(C),
                                                                 layout(D), preference_, 1, &choice_, &found);
    EXPECT_EQ(found, status == CUBLAS_STATUS_SUCCESS ? 1 : 0);
    return status;
  }

  cublasLtMatmulHeuristicResult_t& choice() { return choice_; }

  [[nodiscard]] cublasStatus_t run(cublasLtHandle_t handle, const float* alpha, const float* beta,
                                   const LtAddresses& addresses, cudaStream_t stream, void* workspace = nullptr,
                                   std::size_t workspace_bytes = 0) const {
    return cublasLtMatmul(handle, operation_, alpha, addresses.a, layout(A), addresses.b, layout(B), beta, addresses.c,
                          layout(C), addresses.d, layout(D), &choice_.algo, workspace, workspace_bytes, stream);
  }

 private:
  cublasLtMatmulDesc_t operation_ = nullptr;
  cublasLtMatmulPreference_t preference_ = nullptr;
  std::array<cublasLtMatrixLayout_t, 4> layouts_{};
  cublasLtMatmulHeuristicResult_t choice_{};
};

/// A handle, a stream, and the usual factors.
class CublasLt : public testing::Test {
 protected:
  CublasLt() { EXPECT_EQ(cublasLtCreate(&handle_), CUBLAS_STATUS_SUCCESS); }
  ~CublasLt() override { static_cast<void>(cublasLtDestroy(handle_)); }

  /// D after a product; D is C too. T is the type of the operands, R that of the results.
  template <class T = float, class R = float>
  std::vector<R> multiply(LtMatmul& plan, const Matrix& a, const Matrix& b, const Matrix& d, float alpha = 1.0F,
                          float beta = 0.0F) const {
    const DeviceArray<T> device_a(stored<T>(a.values), stream_), device_b(stored<T>(b.values), stream_);
    const DeviceArray<R> device_d(stored<R>(d.values), stream_);
    EXPECT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(
        plan.run(handle_, &alpha, &beta, {device_a.data(), device_b.data(), device_d.data(), device_d.data()}, stream_),
        CUBLAS_STATUS_SUCCESS);
    return device_d.values(stream_);
  }

  const Stream stream_;
  cublasLtHandle_t handle_ = nullptr;
  const float one_ = 1.0F;
  const float zero_ = 0.0F;
};

}  // namespace cuda_emulation
