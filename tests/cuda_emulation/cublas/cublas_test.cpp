// The stand-in for cuBLAS against products that are written from their definition, and against the rules of its reference.

#include <algorithm>
#include <cublas_v2.h>

#include "cuda_emulation/control.hpp"
#include "cuda_emulation/cublas/test_matrices.hpp"

namespace cuda_emulation {
namespace {

constexpr cublasOperation_t kOperations[] = {CUBLAS_OP_N, CUBLAS_OP_T, CUBLAS_OP_C};

class Cublas : public testing::Test {
 protected:
  Cublas() {
    EXPECT_EQ(cublasCreate(&handle_), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(cublasSetStream(handle_, stream_), CUBLAS_STATUS_SUCCESS);
  }
  ~Cublas() override {
    clear_faults();
    static_cast<void>(cublasDestroy(handle_));
  }

  /// 2 x 2 matrices without padding.
  [[nodiscard]] cublasStatus_t multiply_small(const float* alpha, const float* a, const float* b, const float* beta,
                                              float* c) const {
    return cublasSgemm(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 2, 2, 2, alpha, a, 2, b, 2, beta, c, 2);
  }

  const Stream stream_;
  cublasHandle_t handle_ = nullptr;
  const float one_ = 1.0F;
  const float zero_ = 0.0F;
  /// A and B; A B = {7, 10, 15, 22} column by column.
  const DeviceArray<float> a_{{1.0F, 2.0F, 3.0F, 4.0F}, stream_};
  const DeviceArray<float> c_{{kNaN, kNaN, kNaN, kNaN}, stream_};
  const std::vector<float> a_squared_{7.0F, 10.0F, 15.0F, 22.0F};
};

TEST_F(Cublas, SgemmIsTheProductByDefinitionInEveryTransposition) {
  constexpr int kM = 5, kN = 6, kK = 7;
  for (const cublasOperation_t operation_a : kOperations) {
    for (const cublasOperation_t operation_b : kOperations) {
      const bool transpose_a = operation_a != CUBLAS_OP_N, transpose_b = operation_b != CUBLAS_OP_N;
      const Matrix a = operand(kM, kK, transpose_a, 3, 1);
      const Matrix b = operand(kK, kN, transpose_b, 2, 2);
      const Matrix c = result(kM, kN, 4, 0.25F);
      const float alpha = 0.5F, beta = -2.0F;
      const DeviceArray<float> device_a(a.values, stream_), device_b(b.values, stream_), device_c(c.values, stream_);
      ASSERT_EQ(cublasSgemm(handle_, operation_a, operation_b, kM, kN, kK, &alpha, device_a.data(), a.leading,
                            device_b.data(), b.leading, &beta, device_c.data(), c.leading),
                CUBLAS_STATUS_SUCCESS);
      EXPECT_EQ(device_c.values(stream_), product(alpha, a, transpose_a, b, transpose_b, beta, c).values)
          << operation_a << operation_b;
    }
  }
}

/// A product of bf16 operands, into T.
template <class T>
void expect_bf16_product(cublasHandle_t handle, const Stream& stream, cudaDataType type) {
  constexpr int kM = 5, kN = 6, kK = 9;
  for (const bool transpose_a : {false, true}) {
    for (const bool transpose_b : {false, true}) {
      const Matrix a = operand(kM, kK, transpose_a, 1, 3);
      const Matrix b = operand(kK, kN, transpose_b, 2, 4);
      const Matrix c = result(kM, kN, 1, 1.0F);
      const float alpha = 1.0F, beta = 0.5F;
      const DeviceArray<__nv_bfloat16> device_a(to_bf16(a.values), stream), device_b(to_bf16(b.values), stream);
      const DeviceArray<T> device_c(stored<T>(c.values), stream);
      ASSERT_EQ(cublasGemmEx(handle, transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N, transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N, kM,
                             kN, kK, &alpha, device_a.data(), CUDA_R_16BF, a.leading, device_b.data(), CUDA_R_16BF,
                             b.leading, &beta, device_c.data(), type, c.leading, CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
                CUBLAS_STATUS_SUCCESS);
      const std::vector<T> expected = stored<T>(product(alpha, a, transpose_a, b, transpose_b, beta, c).values);
      const std::vector<T> found = device_c.values(stream);
      for (std::size_t i = 0; i < expected.size(); ++i)
        ASSERT_EQ(static_cast<float>(found[i]), static_cast<float>(expected[i])) << i;
    }
  }
}

TEST_F(Cublas, GemmExMultipliesBf16IntoFp32) {
  expect_bf16_product<float>(handle_, stream_, CUDA_R_32F);
}

TEST_F(Cublas, GemmExRoundsToBf16Once) {
  expect_bf16_product<__nv_bfloat16>(handle_, stream_, CUDA_R_16BF);
}

TEST_F(Cublas, ABetaOfZeroDoesNotReadTheResult) {
  ASSERT_EQ(multiply_small(&one_, a_.data(), a_.data(), &zero_, c_.data()), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(c_.values(stream_), a_squared_);
}

TEST_F(Cublas, FactorsOfTheHostAreReadByTheCall) {
  float alpha = 1.0F, beta = 0.0F;
  ASSERT_EQ(multiply_small(&alpha, a_.data(), a_.data(), &beta, c_.data()), CUBLAS_STATUS_SUCCESS);
  alpha = beta = kNaN;
  EXPECT_EQ(c_.values(stream_), a_squared_);
}

TEST_F(Cublas, FactorsOfTheDeviceAreReadWhenTheStreamRuns) {
  const DeviceArray<float> alpha(1), beta(1);
  const auto set = [&](const DeviceArray<float>& factor, const float& value) {
    ASSERT_EQ(cudaMemcpyAsync(factor.data(), &value, sizeof value, cudaMemcpyHostToDevice, stream_), cudaSuccess);
  };
  ASSERT_EQ(cublasSetPointerMode(handle_, CUBLAS_POINTER_MODE_DEVICE), CUBLAS_STATUS_SUCCESS);
  stream_.wait();
  set(alpha, 1.0F);
  set(beta, 0.0F);
  ASSERT_EQ(multiply_small(alpha.data(), a_.data(), a_.data(), beta.data(), c_.data()), CUBLAS_STATUS_SUCCESS);
  set(alpha, -1.0F);
  set(beta, 1.0F);
  ASSERT_EQ(multiply_small(alpha.data(), a_.data(), a_.data(), beta.data(), c_.data()), CUBLAS_STATUS_SUCCESS);
  set(beta, kNaN);
  EXPECT_EQ(c_.values(stream_), std::vector<float>(4, 0.0F));
}

/// 1 + 2^-12 has two more bits than tf32.
TEST_F(Cublas, OnlyTf32RoundsOperands) {
  const float fine = 1.0F + 0x1p-12F;
  const DeviceArray<float> a({fine}, stream_), one({1.0F}, stream_);
  const auto multiply = [&](cublasMath_t mode, cublasComputeType_t compute_type) {
    EXPECT_EQ(cublasSetMathMode(handle_, mode), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(cublasGemmEx(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one_, a.data(), CUDA_R_32F, 1, one.data(),
                           CUDA_R_32F, 1, &zero_, c_.data(), CUDA_R_32F, 1, compute_type, CUBLAS_GEMM_DEFAULT),
              CUBLAS_STATUS_SUCCESS);
    return c_.values(stream_)[0];
  };
  EXPECT_EQ(multiply(CUBLAS_DEFAULT_MATH, CUBLAS_COMPUTE_32F), fine);
  EXPECT_EQ(multiply(CUBLAS_TF32_TENSOR_OP_MATH, CUBLAS_COMPUTE_32F), 1.0F);
  EXPECT_EQ(multiply(CUBLAS_TF32_TENSOR_OP_MATH, CUBLAS_COMPUTE_32F_PEDANTIC), fine);
  EXPECT_EQ(multiply(CUBLAS_DEFAULT_MATH, CUBLAS_COMPUTE_32F_FAST_TF32), 1.0F);
}

TEST_F(Cublas, SgemmRoundsOperandsInTf32Mode) {
  const DeviceArray<float> a({1.0F + 0x1p-12F, 1.0F + 0x1.8p-11F}, stream_), one({1.0F}, stream_);
  ASSERT_EQ(cublasSetMathMode(handle_, CUBLAS_TF32_TENSOR_OP_MATH), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasSgemm(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 2, 1, 1, &one_, a.data(), 2, one.data(), 1, &zero_, c_.data(), 2),
            CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(c_.values(stream_)[0], 1.0F);
  EXPECT_EQ(c_.values(stream_)[1], 1.0F + 0x1p-10F);
}

TEST_F(Cublas, WithoutInnerDimensionOnlyBetaCounts) {
  const DeviceArray<float> c({1.0F, 2.0F, 3.0F, 4.0F}, stream_);
  const float beta = 0.5F;
  ASSERT_EQ(cublasSgemm(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 2, 2, 0, &one_, nullptr, 2, nullptr, 1, &beta, c.data(), 2),
            CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(c.values(stream_), (std::vector<float>{0.5F, 1.0F, 1.5F, 2.0F}));
}

TEST_F(Cublas, AnEmptyResultIsNoWork) {
  const std::size_t before = work_done("matmul");
  EXPECT_EQ(cublasSgemm(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 0, 2, 2, &one_, nullptr, 1, nullptr, 2, &zero_, nullptr, 1),
            CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasSgemm(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 2, 0, 2, &one_, nullptr, 2, nullptr, 2, &zero_, nullptr, 2),
            CUBLAS_STATUS_SUCCESS);
  stream_.wait();
  EXPECT_EQ(work_done("matmul"), before);
}

TEST_F(Cublas, ArgumentsThatContradictEachOtherAreRefused) {
  struct Call {
    cublasOperation_t operation_a = CUBLAS_OP_N, operation_b = CUBLAS_OP_N;
    int m = 2, n = 2, k = 2, a_leading = 2, b_leading = 2, c_leading = 2;
  };
  const auto status = [&](const Call& of) {
    return cublasSgemm(handle_, of.operation_a, of.operation_b, of.m, of.n, of.k, &one_, a_.data(), of.a_leading, a_.data(),
                       of.b_leading, &zero_, c_.data(), of.c_leading);
  };
  EXPECT_EQ(status({}), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(status({.m = -1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.n = -1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.k = -1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.a_leading = 1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.operation_a = CUBLAS_OP_T, .m = 1, .a_leading = 1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.b_leading = 1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.operation_b = CUBLAS_OP_T, .k = 1, .b_leading = 1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.c_leading = 1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.m = 0, .c_leading = 0}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.operation_a = CUBLAS_OP_CONJG}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status({.operation_b = CUBLAS_OP_CONJG}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply_small(nullptr, a_.data(), a_.data(), &zero_, c_.data()), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply_small(&one_, nullptr, a_.data(), &zero_, c_.data()), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply_small(&one_, a_.data(), a_.data(), &zero_, nullptr), CUBLAS_STATUS_INVALID_VALUE);
}

TEST_F(Cublas, TypesThatItDoesNotMultiplyAreRefused) {
  const auto status = [&](cudaDataType a, cudaDataType b, cudaDataType c, cublasComputeType_t compute_type) {
    return cublasGemmEx(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one_, a_.data(), a, 1, a_.data(), b, 1, &zero_,
                        c_.data(), c, 1, compute_type, CUBLAS_GEMM_DEFAULT);
  };
  EXPECT_EQ(status(CUDA_R_32F, CUDA_R_16BF, CUDA_R_32F, CUBLAS_COMPUTE_32F), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(CUDA_R_32F, CUDA_R_32F, CUDA_R_16BF, CUBLAS_COMPUTE_32F), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(CUDA_R_16BF, CUDA_R_16BF, CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(CUDA_R_64F, CUDA_R_64F, CUDA_R_64F, CUBLAS_COMPUTE_64F), CUBLAS_STATUS_NOT_SUPPORTED);
}

TEST_F(Cublas, HandlesAreChecked) {
  EXPECT_EQ(cublasCreate(nullptr), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(cublasDestroy(nullptr), CUBLAS_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(cublasSetStream(nullptr, stream_), CUBLAS_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(cublasSetMathMode(nullptr, CUBLAS_DEFAULT_MATH), CUBLAS_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(cublasSetPointerMode(nullptr, CUBLAS_POINTER_MODE_DEVICE), CUBLAS_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(cublasSgemm(nullptr, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one_, a_.data(), 1, a_.data(), 1, &zero_, c_.data(), 1),
            CUBLAS_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(cublasSetMathMode(handle_, CUBLAS_TENSOR_OP_MATH), CUBLAS_STATUS_NOT_SUPPORTED) << "not emulated";
}

TEST_F(Cublas, StatusesHaveNames) {
  EXPECT_STREQ(cublasGetStatusName(CUBLAS_STATUS_ALLOC_FAILED), "CUBLAS_STATUS_ALLOC_FAILED");
  EXPECT_STREQ(cublasGetStatusString(CUBLAS_STATUS_ALLOC_FAILED), "the resource allocation failed");
  EXPECT_STREQ(cublasGetStatusName(static_cast<cublasStatus_t>(2)), "unrecognized status");
}

TEST_F(Cublas, AWorkspaceHoldsGarbageAfterwards) {
  const DeviceArray<unsigned char> workspace(std::vector<unsigned char>(512, 1), stream_);
  EXPECT_EQ(cublasSetWorkspace(handle_, workspace.data() + 1, 256), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(cublasSetWorkspace(handle_, nullptr, 256), CUBLAS_STATUS_INVALID_VALUE);
  ASSERT_EQ(cublasSetWorkspace(handle_, workspace.data() + 256, 256), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(multiply_small(&one_, a_.data(), a_.data(), &zero_, c_.data()), CUBLAS_STATUS_SUCCESS);
  const std::vector<unsigned char> found = workspace.values(stream_);
  EXPECT_EQ(std::count(found.begin(), found.begin() + 256, 1), 256);
  EXPECT_EQ(std::count(found.begin() + 256, found.end(), 1), 0);
}

TEST_F(Cublas, SettingTheStreamTakesTheWorkspaceBack) {
  const DeviceArray<unsigned char> workspace(std::vector<unsigned char>(256, 1), stream_);
  ASSERT_EQ(cublasSetWorkspace(handle_, workspace.data(), 256), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasSetStream(handle_, stream_), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(multiply_small(&one_, a_.data(), a_.data(), &zero_, c_.data()), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(workspace.values(stream_), std::vector<unsigned char>(256, 1));
}

TEST_F(Cublas, ProductsAndTheirBytesAreCounted) {
  stream_.wait();
  const std::size_t products = work_done("matmul"), bytes = bytes_moved();
  ASSERT_EQ(multiply_small(&one_, a_.data(), a_.data(), &zero_, c_.data()), CUBLAS_STATUS_SUCCESS);
  stream_.wait();
  EXPECT_EQ(work_done("matmul"), products + 1);
  EXPECT_EQ(bytes_moved() - bytes, 3 * 4 * sizeof(float));
  ASSERT_EQ(multiply_small(&one_, a_.data(), a_.data(), &one_, c_.data()), CUBLAS_STATUS_SUCCESS);
  stream_.wait();
  EXPECT_EQ(bytes_moved() - bytes, 7 * 4 * sizeof(float)) << "beta makes it read C too";
}

TEST_F(Cublas, ACapturedProductIsReplayed) {
  const DeviceArray<float> c({1.0F, 0.0F, 0.0F, 1.0F}, stream_);
  stream_.wait();
  ASSERT_EQ(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeGlobal), cudaSuccess);
  ASSERT_EQ(multiply_small(&one_, a_.data(), a_.data(), &one_, c.data()), CUBLAS_STATUS_SUCCESS);
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaStreamEndCapture(stream_, &graph), cudaSuccess);
  cudaGraphExec_t executable = nullptr;
  ASSERT_EQ(cudaGraphInstantiate(&executable, graph, 0), cudaSuccess);
  EXPECT_EQ(cudaGraphLaunch(executable, stream_), cudaSuccess);
  EXPECT_EQ(cudaGraphLaunch(executable, stream_), cudaSuccess);
  EXPECT_EQ(c.values(stream_), (std::vector<float>{15.0F, 20.0F, 30.0F, 45.0F}));
  EXPECT_EQ(cudaGraphExecDestroy(executable), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
}

TEST_F(Cublas, ASpoiltCaptureIsAnError) {
  stream_.wait();
  ASSERT_EQ(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeGlobal), cudaSuccess);
  cublasHandle_t other = nullptr;
  EXPECT_EQ(cublasCreate(&other), CUBLAS_STATUS_NOT_INITIALIZED) << "it allocates";
  void* memory = nullptr;
  EXPECT_EQ(cudaMalloc(&memory, 1), cudaErrorStreamCaptureUnsupported);
  EXPECT_EQ(multiply_small(&one_, a_.data(), a_.data(), &zero_, c_.data()), CUBLAS_STATUS_EXECUTION_FAILED);
  cudaGraph_t graph = nullptr;
  EXPECT_EQ(cudaStreamEndCapture(stream_, &graph), cudaErrorStreamCaptureInvalidated);
}

TEST_F(Cublas, AFaultIsAnsweredWithAStatusAndDoesNothing) {
  fail_call("cublasSgemm", 2, cudaErrorLaunchFailure);
  EXPECT_EQ(multiply_small(&one_, a_.data(), a_.data(), &zero_, c_.data()), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(multiply_small(&one_, a_.data(), a_.data(), &one_, c_.data()), CUBLAS_STATUS_EXECUTION_FAILED);
  EXPECT_EQ(c_.values(stream_), a_squared_);
  fail_call("cublasCreate", 1, cudaErrorMemoryAllocation);
  const auto before = live_objects();
  cublasHandle_t other = nullptr;
  EXPECT_EQ(cublasCreate(&other), CUBLAS_STATUS_ALLOC_FAILED);
  EXPECT_EQ(live_objects(), before);
}

TEST_F(Cublas, HandlesAreCounted) {
  EXPECT_EQ(live_objects()["cublas handle"], 1U);
  cublasHandle_t other = nullptr;
  ASSERT_EQ(cublasCreate(&other), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(live_objects()["cublas handle"], 2U);
  EXPECT_EQ(cublasDestroy(other), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(live_objects()["cublas handle"], 1U);
}

using CublasDeath = Cublas;

TEST_F(CublasDeath, MatricesMustLieWithinTheirAllocation) {
  EXPECT_FAILURE(
      cublasSgemm(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 2, 2, 2, &one_, a_.data(), 3, a_.data(), 2, &zero_, c_.data(), 2),
      "cublasSgemm: A: 20 bytes from byte 0 of an allocation of 16");
  EXPECT_FAILURE(multiply_small(&one_, a_.data(), a_.data() + 1, &zero_, c_.data()), "cublasSgemm: B: ");
  EXPECT_FAILURE(multiply_small(&one_, a_.data(), a_.data(), &zero_, c_.data() + 1), "cublasSgemm: D: ");
}

TEST_F(CublasDeath, MatricesMustBeReachedByTheDevice) {
  const std::vector<float> host(4);
  EXPECT_FAILURE(multiply_small(&one_, host.data(), a_.data(), &zero_, c_.data()),
                 "cublasSgemm: A is not memory that the device reaches");
}

TEST_F(CublasDeath, FactorsMustBeWhereThePointerModeSays) {
  EXPECT_FAILURE(multiply_small(a_.data(), a_.data(), a_.data(), &zero_, c_.data()), "cublasSgemm: alpha is device memory");
  ASSERT_EQ(cublasSetPointerMode(handle_, CUBLAS_POINTER_MODE_DEVICE), CUBLAS_STATUS_SUCCESS);
  EXPECT_FAILURE(multiply_small(a_.data(), a_.data(), a_.data(), &zero_, c_.data()),
                 "cublasSgemm: beta is not memory that the device reaches");
}

TEST_F(CublasDeath, AResultMustNotReplaceAnOperand) {
  EXPECT_FAILURE(multiply_small(&one_, c_.data(), a_.data(), &zero_, c_.data()), "cublasSgemm: the result replaces A");
}

TEST_F(CublasDeath, TheNullStreamIsRefused) {
  ASSERT_EQ(cublasSetStream(handle_, nullptr), CUBLAS_STATUS_SUCCESS);
  EXPECT_FAILURE(multiply_small(&one_, a_.data(), a_.data(), &zero_, c_.data()), "matmul in the null stream");
}

}  // namespace
}  // namespace cuda_emulation
