// The products of the stand-in for cuBLASLt against their definition.

#include <algorithm>

#include "cuda_emulation/control.hpp"
#include "cuda_emulation/cublas/lt_matmul.hpp"

namespace cuda_emulation {
namespace {

constexpr int kM = 5, kN = 6, kK = 7;

/// What must come out of memory of type R for these numbers.
template <class R>
void expect_values(const std::vector<R>& found, const std::vector<float>& expected) {
  const std::vector<R> rounded = stored<R>(expected);
  ASSERT_EQ(found.size(), rounded.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_EQ(static_cast<float>(found[i]), static_cast<float>(rounded[i])) << "element " << i;
}

TEST_F(CublasLt, IsTheProductByDefinitionInEveryTransposition) {
  for (const bool transpose_a : {false, true}) {
    for (const bool transpose_b : {false, true}) {
      const Matrix a = operand(kM, kK, transpose_a, 3, 1);
      const Matrix b = operand(kK, kN, transpose_b, 2, 2);
      const Matrix d = result(kM, kN, 4, 0.25F);
      LtMatmul plan(a, b, d, {.transpose_a = transpose_a, .transpose_b = transpose_b});
      expect_values(multiply(plan, a, b, d, 0.5F, -2.0F), product(0.5F, a, transpose_a, b, transpose_b, -2.0F, d).values);
    }
  }
}

/// A row-major matrix is in memory what its transposed one is in column-major order.
TEST_F(CublasLt, TakesRowsAndColumnsAsTheLayoutsSay) {
  for (const bool rows_a : {false, true}) {
    for (const bool rows_b : {false, true}) {
      for (const bool transpose_b : {false, true}) {
        const Matrix a = operand(kM, kK, rows_a, 1, 3);
        const Matrix b = operand(kK, kN, transpose_b != rows_b, 2, 4);
        const Matrix d = result(kM, kN, 3, 0.5F);
        LtMatmul plan(a, b, d, {.transpose_b = transpose_b});
        if (rows_a) plan.set_row_major(LtMatmul::A);
        if (rows_b) plan.set_row_major(LtMatmul::B);
        expect_values(multiply(plan, a, b, d, 1.0F, 1.0F),
                      product(1.0F, a, rows_a, b, transpose_b != rows_b, 1.0F, d).values);
      }
    }
  }
}

TEST_F(CublasLt, WritesRowMajorResults) {
  const Matrix a = operand(kM, kK, false, 1, 5);
  const Matrix b = operand(kK, kN, false, 2, 6);
  const Matrix d = result(kN, kM, 3, 0.5F);
  LtMatmul plan(a, b, d, {});
  plan.set_row_major(LtMatmul::D);
  expect_values(multiply(plan, a, b, d, 1.0F, 1.0F), product(1.0F, b, true, a, true, 1.0F, d).values);
}

TEST_F(CublasLt, AddsAMatrixOfAnotherLeadingDimension) {
  const Matrix a = operand(kM, kK, false, 0, 7);
  const Matrix b = operand(kK, kN, false, 0, 8);
  const Matrix c = operand(kM, kN, false, 5, 9);
  const Matrix d = result(kM, kN, 1, kNaN);
  LtMatmul plan(a, b, d, {});
  plan.describe(LtMatmul::C, CUDA_R_32F, c);
  const DeviceArray<float> device_a(a.values, stream_), device_b(b.values, stream_), device_c(c.values, stream_),
      device_d(d.values, stream_);
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(plan.run(handle_, &one_, &one_, {device_a.data(), device_b.data(), device_c.data(), device_d.data()}, stream_),
            CUBLAS_STATUS_SUCCESS);
  Matrix expected = d;
  const Matrix sum = product(1.0F, a, false, b, false, 1.0F, c);
  for (int row = 0; row < kM; ++row)
    for (int column = 0; column < kN; ++column) expected.at(row, column) = sum.at(row, column);
  expect_values(device_d.values(stream_), expected.values);
}

TEST_F(CublasLt, MultipliesBf16IntoEitherType) {
  const Matrix a = operand(kM, kK, true, 1, 10);
  const Matrix b = operand(kK, kN, false, 2, 11);
  const Matrix d = result(kM, kN, 1, 1.0F);
  const std::vector<float> expected = product(1.0F, a, true, b, false, 0.5F, d).values;
  LtMatmul narrow(a, b, d, {.transpose_a = true, .operands = CUDA_R_16BF, .results = CUDA_R_16BF});
  expect_values(multiply<__nv_bfloat16, __nv_bfloat16>(narrow, a, b, d, 1.0F, 0.5F), expected);
  LtMatmul wide(a, b, d, {.transpose_a = true, .operands = CUDA_R_16BF});
  expect_values(multiply<__nv_bfloat16, float>(wide, a, b, d, 1.0F, 0.5F), expected);
}

/// 1 + 2^-12 has two more bits than tf32.
TEST_F(CublasLt, OnlyTf32RoundsOperands) {
  const Matrix a(1, 1, 1, 1.0F + 0x1p-12F, 0.0F), b(1, 1, 1, 1.0F, 0.0F), d(1, 1, 1, kNaN, 0.0F);
  LtMatmul exact(a, b, d, {});
  EXPECT_EQ(multiply(exact, a, b, d)[0], 1.0F + 0x1p-12F);
  LtMatmul rounded(a, b, d, {.compute_type = CUBLAS_COMPUTE_32F_FAST_TF32});
  EXPECT_EQ(multiply(rounded, a, b, d)[0], 1.0F);
}

TEST_F(CublasLt, ABetaOfZeroDoesNotReadC) {
  const Matrix a = operand(kM, kK, false, 0, 12);
  const Matrix b = operand(kK, kN, false, 0, 13);
  const Matrix d = result(kM, kN, 0, kNaN);
  LtMatmul plan(a, b, d, {});
  expect_values(multiply(plan, a, b, d), product(1.0F, a, false, b, false, 0.0F, d).values);
}

TEST_F(CublasLt, ReadsFactorsOfTheDeviceWhenTheStreamRuns) {
  const Matrix two(1, 1, 1, 2.0F, 0.0F), nan(1, 1, 1, kNaN, 0.0F);
  LtMatmul plan(two, two, nan, {});
  plan.set(CUBLASLT_MATMUL_DESC_POINTER_MODE, std::int32_t{CUBLASLT_POINTER_MODE_DEVICE});
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  const DeviceArray<float> a(two.values, stream_), d(nan.values, stream_), c(nan.values, stream_);
  const DeviceArray<float> factors({kNaN, kNaN}, stream_);
  stream_.wait();
  const auto set_factors = [&](float alpha, float beta) {
    const float both[] = {alpha, beta};
    ASSERT_EQ(cudaMemcpyAsync(factors.data(), both, sizeof both, cudaMemcpyHostToDevice, stream_), cudaSuccess);
  };
  set_factors(3.0F, 0.0F);
  ASSERT_EQ(plan.run(handle_, factors.data(), factors.data() + 1, {a.data(), a.data(), d.data(), d.data()}, stream_),
            CUBLAS_STATUS_SUCCESS);
  set_factors(1.0F, -1.0F);
  ASSERT_EQ(plan.run(handle_, factors.data(), factors.data() + 1, {a.data(), a.data(), d.data(), d.data()}, stream_),
            CUBLAS_STATUS_SUCCESS);
  set_factors(kNaN, kNaN);
  EXPECT_EQ(d.values(stream_)[0], 4.0F - 12.0F);
}

/// Three products, with an A that they share.
TEST_F(CublasLt, MultipliesBatches) {
  constexpr std::int32_t kBatches = 3;
  const Matrix a = operand(kM, kK, false, 1, 14);
  const Matrix b = operand(kK, kN * kBatches, false, 2, 15);
  const Matrix d = result(kM, kN * kBatches, 1, kNaN);
  LtMatmul plan(a, Matrix(kK, kN, b.leading, 0, 0), Matrix(kM, kN, d.leading, 0, 0), {});
  for (const LtMatmul::Which which : {LtMatmul::A, LtMatmul::B, LtMatmul::D})
    plan.set(which, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, kBatches);
  plan.set(LtMatmul::B, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, std::int64_t{b.leading} * kN);
  plan.set(LtMatmul::D, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, std::int64_t{d.leading} * kN);
  expect_values(multiply(plan, a, b, d), product(1.0F, a, false, b, false, 0.0F, d).values);
}

/// Two products, whose biases lie apart.
TEST_F(CublasLt, EveryProductOfABatchHasItsBias) {
  constexpr std::int32_t kBatches = 2;
  constexpr std::int64_t kBiasStride = kM + 3;
  const Matrix a = operand(kM, kK, false, 0, 27);
  const Matrix b = operand(kK, kN * kBatches, false, 0, 28);
  const Matrix d = result(kM, kN * kBatches, 0, kNaN);
  const std::vector<float> bias_values = short_numbers(kM + kBiasStride, 29);
  const DeviceArray<float> bias(bias_values, stream_);
  LtMatmul plan(a, Matrix(kK, kN, b.leading, 0, 0), Matrix(kM, kN, d.leading, 0, 0),
                {.epilogue = CUBLASLT_EPILOGUE_BIAS, .bias = bias.data()});
  for (const LtMatmul::Which which : {LtMatmul::A, LtMatmul::B, LtMatmul::D})
    plan.set(which, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, kBatches);
  plan.set(LtMatmul::B, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, std::int64_t{kK} * kN);
  plan.set(LtMatmul::D, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, std::int64_t{kM} * kN);
  plan.set(CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE, kBiasStride);
  Matrix expected = product(1.0F, a, false, b, false, 0.0F, d);
  for (int row = 0; row < kM; ++row)
    for (int column = 0; column < kN * kBatches; ++column)
      expected.at(row, column) += bias_values[static_cast<std::size_t>(column / kN * kBiasStride + row)];
  expect_values(multiply(plan, a, b, d), expected.values);
}

TEST_F(CublasLt, AddsABiasToEveryColumnAndClipsAfterwards) {
  const Matrix a = operand(kM, kK, false, 1, 16);
  const Matrix b = operand(kK, kN, false, 2, 17);
  const Matrix d = result(kM, kN, 3, 0.5F);
  const std::vector<float> bias_values = short_numbers(kM, 18);
  const DeviceArray<float> bias(bias_values, stream_);
  Matrix plain = product(0.5F, a, false, b, false, 1.0F, d);
  Matrix biased = plain, clipped = plain, both = plain;
  for (int row = 0; row < kM; ++row) {
    for (int column = 0; column < kN; ++column) {
      biased.at(row, column) += bias_values[static_cast<std::size_t>(row)];
      clipped.at(row, column) = std::max(plain.at(row, column), 0.0F);
      both.at(row, column) = std::max(biased.at(row, column), 0.0F);
    }
  }
  ASSERT_NE(both.values, biased.values) << "nothing to clip";
  LtMatmul bias_plan(a, b, d, {.epilogue = CUBLASLT_EPILOGUE_BIAS, .bias = bias.data()});
  expect_values(multiply(bias_plan, a, b, d, 0.5F, 1.0F), biased.values);
  LtMatmul relu_plan(a, b, d, {.epilogue = CUBLASLT_EPILOGUE_RELU});
  expect_values(multiply(relu_plan, a, b, d, 0.5F, 1.0F), clipped.values);
  LtMatmul both_plan(a, b, d, {.epilogue = CUBLASLT_EPILOGUE_RELU_BIAS, .bias = bias.data()});
  expect_values(multiply(both_plan, a, b, d, 0.5F, 1.0F), both.values);
}

TEST_F(CublasLt, ABiasHasTheTypeOfTheResult) {
  const Matrix a = operand(kM, kK, false, 0, 19);
  const Matrix b = operand(kK, kN, false, 0, 20);
  const Matrix d = result(kM, kN, 0, kNaN);
  const std::vector<float> values(kM, 1.0F);
  Matrix expected = product(1.0F, a, false, b, false, 0.0F, d);
  for (float& value : expected.values) value += 1.0F;
  const DeviceArray<float> wide_bias(values, stream_);
  LtMatmul wide(a, b, d, {.operands = CUDA_R_16BF, .epilogue = CUBLASLT_EPILOGUE_BIAS, .bias = wide_bias.data()});
  wide.set(CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, std::int32_t{CUDA_R_32F});
  expect_values(multiply<__nv_bfloat16, float>(wide, a, b, d), expected.values);
  const DeviceArray<__nv_bfloat16> narrow_bias(to_bf16(values), stream_);
  LtMatmul narrow(
      a, b, d,
      {.operands = CUDA_R_16BF, .results = CUDA_R_16BF, .epilogue = CUBLASLT_EPILOGUE_BIAS, .bias = narrow_bias.data()});
  expect_values(multiply<__nv_bfloat16, __nv_bfloat16>(narrow, a, b, d), expected.values);
}

/// The sums of op(A)'s rows or op(B)'s columns, and behind them an element that must stay.
std::vector<float> sums(const Matrix& a, bool transpose_a, const Matrix& b, bool transpose_b, bool of_b) {
  std::vector<float> sums(static_cast<std::size_t>(of_b ? kN : kM), 0.0F);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const int at = static_cast<int>(i);
    for (int k = 0; k < kK; ++k)
      sums[i] += of_b ? (transpose_b ? b.at(at, k) : b.at(k, at)) : (transpose_a ? a.at(k, at) : a.at(at, k));
  }
  sums.push_back(kUntouched);
  return sums;
}

/// BGRADA or BGRADB, for the transpositions of the other operand: those of the summed one are the only right ones.
template <class T, class R>
void expect_sums(cudaDataType operands, cudaDataType results, bool of_b, cublasLtHandle_t handle, const Stream& stream) {
  for (const bool transpose_other : {false, true}) {
    const bool transpose_a = of_b && transpose_other, transpose_b = of_b || transpose_other;
    const Matrix a = operand(kM, kK, transpose_a, 1, 21);
    const Matrix b = operand(kK, kN, transpose_b, 2, 22);
    const Matrix d = result(kM, kN, 1, kNaN);
    const std::vector<float> expected = sums(a, transpose_a, b, transpose_b, of_b);
    const DeviceArray<R> bias(stored<R>(std::vector<float>(expected.size(), kUntouched)), stream);
    LtMatmul plan(a, b, d,
                  {.transpose_a = transpose_a,
                   .transpose_b = transpose_b,
                   .operands = operands,
                   .results = results,
                   .epilogue = of_b ? CUBLASLT_EPILOGUE_BGRADB : CUBLASLT_EPILOGUE_BGRADA,
                   .bias = bias.data()});
    const DeviceArray<T> device_a(stored<T>(a.values), stream), device_b(stored<T>(b.values), stream);
    const DeviceArray<R> device_d(stored<R>(d.values), stream);
    const float alpha = 2.0F, beta = 0.0F;
    ASSERT_EQ(plan.choose(handle), CUBLAS_STATUS_SUCCESS);
    ASSERT_EQ(plan.run(handle, &alpha, &beta, {device_a.data(), device_b.data(), device_d.data(), device_d.data()}, stream),
              CUBLAS_STATUS_SUCCESS);
    expect_values(device_d.values(stream), product(alpha, a, transpose_a, b, transpose_b, beta, d).values);
    expect_values(bias.values(stream), expected);  // without alpha
  }
}

TEST_F(CublasLt, BgradaSumsTheRowsOfA) {
  expect_sums<float, float>(CUDA_R_32F, CUDA_R_32F, false, handle_, stream_);
  expect_sums<__nv_bfloat16, float>(CUDA_R_16BF, CUDA_R_32F, false, handle_, stream_);
  expect_sums<__nv_bfloat16, __nv_bfloat16>(CUDA_R_16BF, CUDA_R_16BF, false, handle_, stream_);
}

TEST_F(CublasLt, BgradbSumsTheColumnsOfB) {
  expect_sums<float, float>(CUDA_R_32F, CUDA_R_32F, true, handle_, stream_);
  expect_sums<__nv_bfloat16, float>(CUDA_R_16BF, CUDA_R_32F, true, handle_, stream_);
  expect_sums<__nv_bfloat16, __nv_bfloat16>(CUDA_R_16BF, CUDA_R_16BF, true, handle_, stream_);
}

TEST_F(CublasLt, CountsProductsAndTheirBytes) {
  const Matrix a = operand(kM, kK, false, 0, 23), b = operand(kK, kN, true, 0, 24), d = result(kM, kN, 0, 1.0F);
  const DeviceArray<float> device_a(a.values, stream_), device_b(b.values, stream_), device_d(d.values, stream_), bias(kN);
  LtMatmul plan(a, b, d, {.transpose_b = true, .epilogue = CUBLASLT_EPILOGUE_BGRADB, .bias = bias.data()});
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  stream_.wait();
  const std::size_t products = work_done("matmul"), bytes = bytes_moved();
  ASSERT_EQ(plan.run(handle_, &one_, &one_, {device_a.data(), device_b.data(), device_d.data(), device_d.data()}, stream_),
            CUBLAS_STATUS_SUCCESS);
  stream_.wait();
  EXPECT_EQ(work_done("matmul"), products + 1);
  EXPECT_EQ(bytes_moved() - bytes, sizeof(float) * (kM * kK + kK * kN + 2 * kM * kN + kN));
}

TEST_F(CublasLt, ReplaysACapturedProduct) {
  const Matrix a = operand(kM, kK, false, 0, 25), b = operand(kK, kN, false, 0, 26), d = result(kM, kN, 0, 1.0F);
  const DeviceArray<float> device_a(a.values, stream_), device_b(b.values, stream_), device_d(d.values, stream_);
  LtMatmul plan(a, b, d, {});
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  stream_.wait();
  ASSERT_EQ(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeGlobal), cudaSuccess);
  ASSERT_EQ(plan.run(handle_, &one_, &one_, {device_a.data(), device_b.data(), device_d.data(), device_d.data()}, stream_),
            CUBLAS_STATUS_SUCCESS);
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaStreamEndCapture(stream_, &graph), cudaSuccess);
  cudaGraphExec_t executable = nullptr;
  ASSERT_EQ(cudaGraphInstantiate(&executable, graph, 0), cudaSuccess);
  EXPECT_EQ(cudaGraphLaunch(executable, stream_), cudaSuccess);
  EXPECT_EQ(cudaGraphLaunch(executable, stream_), cudaSuccess);
  expect_values(device_d.values(stream_), product(2.0F, a, false, b, false, 1.0F, d).values);
  EXPECT_EQ(cudaGraphExecDestroy(executable), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
}

}  // namespace
}  // namespace cuda_emulation
