// cuBLASLt's handles and descriptors.

#include <cublas_v2.h>

#include "cuda_emulation/control.hpp"
#include "cuda_emulation/cublas/lt_matmul.hpp"

namespace cuda_emulation {
namespace {

constexpr int kM = 8, kN = 16, kK = 4;

class CublasLtDescriptors : public CublasLt {
 protected:
  const Matrix a_ = operand(kM, kK, false, 0, 1);
  const Matrix b_ = operand(kK, kN, false, 0, 2);
  const Matrix d_ = result(kM, kN, 0, kNaN);
};

TEST_F(CublasLtDescriptors, DescriptorsKeepTheirAttributes) {
  LtMatmul plan(a_, b_, d_, {.transpose_b = true});
  std::int32_t operation = -1;
  std::size_t written = 0;
  ASSERT_EQ(
      cublasLtMatmulDescGetAttribute(plan.operation(), CUBLASLT_MATMUL_DESC_TRANSB, &operation, sizeof operation, &written),
      CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(operation, CUBLAS_OP_T);
  EXPECT_EQ(written, sizeof operation);
  std::uint64_t rows = 0;
  ASSERT_EQ(
      cublasLtMatrixLayoutGetAttribute(plan.layout(LtMatmul::A), CUBLASLT_MATRIX_LAYOUT_ROWS, &rows, sizeof rows, nullptr),
      CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(rows, std::uint64_t{kM});
  std::uint32_t alignment = 0;
  ASSERT_EQ(cublasLtMatmulPreferenceGetAttribute(plan.preference(), CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, &alignment,
                                                 sizeof alignment, nullptr),
            CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(alignment, 256U);
}

TEST_F(CublasLtDescriptors, AttributesHaveOneSize) {
  LtMatmul plan(a_, b_, d_, {});
  const std::int64_t value = 0;
  std::int64_t found = 0;
  std::size_t written = 0;
  const auto set = [&](const void* buffer, std::size_t bytes) {
    return cublasLtMatmulDescSetAttribute(plan.operation(), CUBLASLT_MATMUL_DESC_TRANSA, buffer, bytes);
  };
  const auto get = [&](void* buffer, std::size_t bytes, std::size_t* size) {
    return cublasLtMatmulDescGetAttribute(plan.operation(), CUBLASLT_MATMUL_DESC_TRANSA, buffer, bytes, size);
  };
  EXPECT_EQ(set(&value, 4), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(set(&value, 8), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(set(nullptr, 4), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(get(&found, 8, &written), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(get(nullptr, 4, &written), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(get(nullptr, 0, nullptr), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(get(nullptr, 0, &written), CUBLAS_STATUS_SUCCESS) << "asks for the size";
  EXPECT_EQ(written, 4U);
  EXPECT_EQ(cublasLtMatmulDescSetAttribute(nullptr, CUBLASLT_MATMUL_DESC_TRANSA, &value, 4), CUBLAS_STATUS_INVALID_VALUE);
}

/// What the emulation does not know is refused, so that nobody believes that it has an effect.
TEST_F(CublasLtDescriptors, AttributesThatAreNotEmulatedAreRefused) {
  LtMatmul plan(a_, b_, d_, {});
  const std::int64_t value = 0;
  EXPECT_EQ(cublasLtMatmulDescSetAttribute(plan.operation(), CUBLASLT_MATMUL_DESC_FAST_ACCUM, &value, 1),
            CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(cublasLtMatrixLayoutSetAttribute(plan.layout(LtMatmul::A), CUBLASLT_MATRIX_LAYOUT_PLANE_OFFSET, &value, 8),
            CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(cublasLtMatmulPreferenceSetAttribute(plan.preference(), CUBLASLT_MATMUL_PREF_SEARCH_MODE, &value, 4),
            CUBLAS_STATUS_NOT_SUPPORTED);
}

TEST_F(CublasLtDescriptors, StatusesHaveNames) {
  EXPECT_EQ(cublasLtGetVersion(), std::size_t{CUBLAS_VERSION});
  EXPECT_STREQ(cublasLtGetStatusName(CUBLAS_STATUS_NOT_SUPPORTED), "CUBLAS_STATUS_NOT_SUPPORTED");
  EXPECT_STREQ(cublasLtGetStatusString(CUBLAS_STATUS_NOT_SUPPORTED), "the requested functionality is not supported");
}

TEST_F(CublasLtDescriptors, DescriptorsMayLieOnTheStack) {
  const auto before = live_objects();
  LtMatmul plan(a_, b_, d_, {});
  cublasLtMatmulDescOpaque_t operation{};
  cublasLtMatrixLayoutOpaque_t layout{};
  cublasLtMatmulPreferenceOpaque_t preference{};
  ASSERT_EQ(cublasLtMatmulDescInit(&operation, CUBLAS_COMPUTE_32F, CUDA_R_32F), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasLtMatrixLayoutInit(&layout, CUDA_R_32F, kM, kK, kM), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasLtMatmulPreferenceInit(&preference), CUBLAS_STATUS_SUCCESS);
  cublasLtMatmulHeuristicResult_t choice{};
  int found = 0;
  EXPECT_EQ(cublasLtMatmulAlgoGetHeuristic(handle_, &operation, &layout, plan.layout(LtMatmul::B), plan.layout(LtMatmul::D),
                                           plan.layout(LtMatmul::D), &preference, 1, &choice, &found),
            CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasLtMatrixLayoutInit_internal(&layout, sizeof layout - 1, CUDA_R_32F, kM, kK, kM),
            CUBLAS_STATUS_ALLOC_FAILED);
}

TEST_F(CublasLtDescriptors, WhatIsCreatedIsCounted) {
  const auto before = live_objects();
  {
    const LtMatmul plan(a_, b_, d_, {});
    auto live = live_objects();
    EXPECT_EQ(live["matmul descriptor"], 1U);
    EXPECT_EQ(live["matrix layout"], 3U);
    EXPECT_EQ(live["matmul preference"], 1U);
    EXPECT_EQ(live["cublasLt handle"], 1U);
  }
  EXPECT_EQ(live_objects(), before);
}

TEST_F(CublasLtDescriptors, HandlesAreChecked) {
  LtMatmul plan(a_, b_, d_, {});
  EXPECT_EQ(plan.choose(nullptr), CUBLAS_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(cublasLtCreate(nullptr), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(cublasLtDestroy(nullptr), CUBLAS_STATUS_INVALID_VALUE);
  cublasHandle_t handle = nullptr;
  ASSERT_EQ(cublasCreate(&handle), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(plan.choose(reinterpret_cast<cublasLtHandle_t>(handle)), CUBLAS_STATUS_SUCCESS) << "cuBLAS's stands for both";
  EXPECT_EQ(cublasDestroy(handle), CUBLAS_STATUS_SUCCESS);
}

TEST_F(CublasLtDescriptors, DescriptorsLiveFromCreationToDestruction) {
  cublasLtMatrixLayoutOpaque_t unused{};
  const std::uint64_t rows = 1;
  EXPECT_FAILURE(cublasLtMatrixLayoutSetAttribute(&unused, CUBLASLT_MATRIX_LAYOUT_ROWS, &rows, sizeof rows),
                 "cublasLtMatrixLayoutSetAttribute: this matrix layout was never initialised, or is destroyed");
  cublasLtMatmulDesc_t operation = nullptr;
  ASSERT_EQ(cublasLtMatmulDescCreate(&operation, CUBLAS_COMPUTE_32F, CUDA_R_32F), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasLtMatmulDescDestroy(operation), CUBLAS_STATUS_SUCCESS);
  EXPECT_FAILURE(cublasLtMatmulDescDestroy(operation), "cublasLtMatmulDescDestroy: this matmul descriptor was never");
}

}  // namespace
}  // namespace cuda_emulation
