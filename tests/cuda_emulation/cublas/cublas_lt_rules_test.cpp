// The rules of cuBLASLt's products: algorithms, workspaces, what is refused, and what ends the process.

#include <algorithm>
#include <array>

#include "cuda_emulation/control.hpp"
#include "cuda_emulation/cublas/lt_matmul.hpp"

namespace cuda_emulation {
namespace {

constexpr int kM = 8, kN = 16, kK = 4;
constexpr std::size_t kWorkspaceBytes = std::size_t{kM} * kN * sizeof(float);  // what the algorithm needs

/// A product of fp32 matrices with all that it needs.
class CublasLtRules : public CublasLt {
 protected:
  [[nodiscard]] LtAddresses addresses() const { return {a_.data(), b_.data(), d_.data(), d_.data()}; }

  [[nodiscard]] cublasStatus_t run(const LtMatmul& plan, const LtAddresses& where, void* workspace = nullptr,
                                   std::size_t workspace_bytes = 0) const {
    return plan.run(handle_, &one_, &zero_, where, stream_, workspace, workspace_bytes);
  }

  /// The answer to a product that some change has made wrong: what cublasLtMatmulAlgoGetHeuristic says.
  template <class Change>
  [[nodiscard]] cublasStatus_t choose_after(const Change& change) const {
    LtMatmul plan(host_a_, host_b_, host_d_, {});
    change(plan);
    return plan.choose(handle_);
  }

  const Matrix host_a_ = operand(kM, kK, false, 0, 1);
  const Matrix host_b_ = operand(kK, kN, false, 0, 2);
  const Matrix host_d_ = result(kM, kN, 0, kNaN);
  const DeviceArray<float> a_{host_a_.values, stream_};
  const DeviceArray<float> b_{host_b_.values, stream_};
  const DeviceArray<float> d_{host_d_.values, stream_};
  const DeviceArray<unsigned char> workspace_{std::vector<unsigned char>(2 * kWorkspaceBytes, 1), stream_};
  const DeviceArray<float> bias_{kN};
};

TEST_F(CublasLtRules, ShapesThatContradictEachOtherAreRefused) {
  const auto with_layout = [&](LtMatmul::Which which, cublasLtMatrixLayoutAttribute_t attribute, auto value) {
    return choose_after([&](LtMatmul& plan) { plan.set(which, attribute, value); });
  };
  using M = LtMatmul;
  EXPECT_EQ(choose_after([](LtMatmul&) {}), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(with_layout(M::A, CUBLASLT_MATRIX_LAYOUT_LD, std::int64_t{kM - 1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(with_layout(M::A, CUBLASLT_MATRIX_LAYOUT_COLS, std::uint64_t{kK + 1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(with_layout(M::A, CUBLASLT_MATRIX_LAYOUT_TYPE, std::uint32_t{CUDA_R_16BF}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(with_layout(M::B, CUBLASLT_MATRIX_LAYOUT_COLS, std::uint64_t{kN + 1}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(with_layout(M::B, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, 2), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(with_layout(M::D, CUBLASLT_MATRIX_LAYOUT_ROWS, std::uint64_t{0}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(choose_after([](LtMatmul& plan) {
              for (const M::Which which : {M::A, M::B, M::D}) plan.set(which, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, 2);
            }),
            CUBLAS_STATUS_INVALID_VALUE)
      << "results over each other";
  EXPECT_EQ(choose_after([](LtMatmul& plan) { plan.set(CUBLASLT_MATMUL_DESC_TRANSA, std::int32_t{CUBLAS_OP_CONJG}); }),
            CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(with_layout(M::A, CUBLASLT_MATRIX_LAYOUT_ORDER, std::int32_t{CUBLASLT_ORDER_ROW}), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(with_layout(M::B, CUBLASLT_MATRIX_LAYOUT_ORDER, std::int32_t{CUBLASLT_ORDER_ROW}), CUBLAS_STATUS_INVALID_VALUE)
      << "rows longer than the leading dimension";
  EXPECT_EQ(choose_after([&](LtMatmul& plan) { plan.describe(M::C, CUDA_R_16BF, host_d_); }), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(with_layout(M::D, CUBLASLT_MATRIX_LAYOUT_TYPE, std::uint32_t{CUDA_R_16BF}), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(choose_after([](LtMatmul& plan) { plan.set(CUBLASLT_MATMUL_DESC_SCALE_TYPE, std::int32_t{CUDA_R_64F}); }),
            CUBLAS_STATUS_NOT_SUPPORTED);
}

TEST_F(CublasLtRules, FactorsByRowAreRefused) {
  EXPECT_EQ(choose_after([](LtMatmul& plan) {
              plan.set(CUBLASLT_MATMUL_DESC_POINTER_MODE, std::int32_t{CUBLASLT_POINTER_MODE_DEVICE_VECTOR});
            }),
            CUBLAS_STATUS_NOT_SUPPORTED)
      << "not emulated";
}

TEST_F(CublasLtRules, EpiloguesThatTheLibraryDoesNotHaveAreRefused) {
  const auto choose = [&](LtOptions options, bool row_major = false) {
    options.bias = bias_.data();
    const Matrix b = operand(kK, kN, options.transpose_b, 0, 1), a = operand(kM, kK, options.transpose_a, 0, 1);
    LtMatmul plan(a, b, row_major ? result(kN, kM, 0, kNaN) : host_d_, options);
    if (row_major) plan.set_row_major(LtMatmul::D);
    return plan.choose(handle_);
  };
  EXPECT_EQ(choose({.epilogue = CUBLASLT_EPILOGUE_BGRADA}), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(choose({.transpose_a = true, .epilogue = CUBLASLT_EPILOGUE_BGRADA}), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(choose({.transpose_b = true, .epilogue = CUBLASLT_EPILOGUE_BGRADB}), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(choose({.epilogue = CUBLASLT_EPILOGUE_BGRADB}), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(choose({}, true), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(choose({.epilogue = CUBLASLT_EPILOGUE_BIAS}, true), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(choose({.epilogue = CUBLASLT_EPILOGUE_RELU}, true), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(choose({.epilogue = CUBLASLT_EPILOGUE_BGRADA}, true), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(choose({.transpose_b = true, .epilogue = CUBLASLT_EPILOGUE_BGRADB}, true), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(choose({.epilogue = CUBLASLT_EPILOGUE_GELU}), CUBLAS_STATUS_NOT_SUPPORTED) << "not emulated";
}

/// The order of an operand counts as its transposition does.
TEST_F(CublasLtRules, BgradOfARowMajorOperand) {
  LtMatmul plan(host_a_, operand(kK, kN, true, 0, 1), host_d_, {.epilogue = CUBLASLT_EPILOGUE_BGRADB});
  plan.set_row_major(LtMatmul::B);
  EXPECT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
}

TEST_F(CublasLtRules, SumsOfABatchMustNotLieOverEachOther) {
  LtMatmul plan(host_a_, host_b_, host_d_, {.epilogue = CUBLASLT_EPILOGUE_BGRADA, .bias = bias_.data()});
  for (const LtMatmul::Which which : {LtMatmul::A, LtMatmul::B, LtMatmul::D})
    plan.set(which, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, 2);
  plan.set(LtMatmul::D, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, std::int64_t{kM} * kN);
  plan.set(CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE, std::int64_t{kM - 1});
  EXPECT_EQ(plan.choose(handle_), CUBLAS_STATUS_INVALID_VALUE);
  plan.set(CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE, std::int64_t{kM});
  EXPECT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
}

TEST_F(CublasLtRules, ABiasOfAnotherTypeIsRefused) {
  LtMatmul plan(host_a_, host_b_, host_d_, {.epilogue = CUBLASLT_EPILOGUE_BIAS, .bias = bias_.data()});
  plan.set(CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, std::int32_t{CUDA_R_16BF});
  EXPECT_EQ(plan.choose(handle_), CUBLAS_STATUS_NOT_SUPPORTED);
}

/// As measured: the heuristic does not mind, the product does.
TEST_F(CublasLtRules, AMissingBiasIsRefusedByTheProduct) {
  for (const cublasLtEpilogue_t epilogue : {CUBLASLT_EPILOGUE_BIAS, CUBLASLT_EPILOGUE_BGRADA}) {
    LtMatmul plan(host_a_, host_b_, host_d_, {.epilogue = epilogue});
    EXPECT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(run(plan, addresses()), CUBLAS_STATUS_INVALID_VALUE);
  }
}

TEST_F(CublasLtRules, AlgorithmsComeBestFirstAndWithinTheLimits) {
  LtMatmul plan(host_a_, host_b_, host_d_, {});
  plan.set(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, std::uint64_t{1} << 20U);
  std::array<cublasLtMatmulHeuristicResult_t, 4> choices{};
  int found = -1;
  const auto ask = [&](int requested) {
    return cublasLtMatmulAlgoGetHeuristic(handle_, plan.operation(), plan.layout(LtMatmul::A), plan.layout(LtMatmul::B),
                                          plan.layout(LtMatmul::D), plan.layout(LtMatmul::D), plan.preference(), requested,
                                          choices.data(), &found);
  };
  EXPECT_EQ(ask(0), CUBLAS_STATUS_INVALID_VALUE);
  ASSERT_EQ(ask(4), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(found, 2);
  EXPECT_EQ(choices[0].workspaceSize, kWorkspaceBytes);
  EXPECT_EQ(choices[0].state, CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(choices[1].workspaceSize, 0U);
  ASSERT_EQ(ask(1), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(found, 1);
  ASSERT_EQ(plan.choose(handle_, kWorkspaceBytes - 1), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(plan.choice().workspaceSize, kWorkspaceBytes - 256);
  plan.set(CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, std::uint32_t{CUBLASLT_REDUCTION_SCHEME_NONE});
  ASSERT_EQ(plan.choose(handle_, kWorkspaceBytes), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(plan.choice().workspaceSize, 0U);
}

TEST_F(CublasLtRules, AWorkspaceMustBeLargeEnoughAndAligned) {
  LtMatmul plan(host_a_, host_b_, host_d_, {});
  ASSERT_EQ(plan.choose(handle_, kWorkspaceBytes), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(run(plan, addresses(), workspace_.data(), kWorkspaceBytes - 1), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(run(plan, addresses(), workspace_.data() + 16, kWorkspaceBytes), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(run(plan, addresses(), nullptr, kWorkspaceBytes), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(run(plan, addresses(), workspace_.data(), 2 * kWorkspaceBytes), CUBLAS_STATUS_SUCCESS);
  const std::vector<unsigned char> found = workspace_.values(stream_);
  EXPECT_EQ(std::count(found.begin(), found.begin() + kWorkspaceBytes, 1), 0) << "garbage, what the algorithm has used";
  EXPECT_EQ(std::count(found.begin() + kWorkspaceBytes, found.end(), 1), std::ptrdiff_t{kWorkspaceBytes});
  EXPECT_EQ(d_.values(stream_), product(1.0F, host_a_, false, host_b_, false, 0.0F, host_d_).values);
}

/// An element further than what was allocated.
TEST_F(CublasLtRules, AddressesMustBeAlignedAsThePreferenceSaid) {
  const DeviceArray<float> a(kM * kK + 1), b(kK * kN + 1), d(kM * kN + 1);
  const struct {
    cublasLtMatmulPreferenceAttributes_t attribute;
    LtAddresses addresses;
  } cases[] = {
      {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, {a.data() + 1, b.data(), d_.data(), d.data()}},
      {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, {a.data(), b.data() + 1, d_.data(), d.data()}},
      {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, {a.data(), b.data(), d_.data() + 1, d.data()}},
      {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, {a.data(), b.data(), d_.data(), d.data() + 1}},
  };
  for (const auto& [attribute, where] : cases) {
    LtMatmul plan(host_a_, host_b_, host_d_, {});
    ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(run(plan, where), CUBLAS_STATUS_NOT_SUPPORTED) << attribute;
    plan.set(attribute, std::uint32_t{4});
    ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(run(plan, where), CUBLAS_STATUS_SUCCESS) << attribute;
    plan.set(attribute, std::uint32_t{2});
    EXPECT_EQ(plan.choose(handle_), CUBLAS_STATUS_NOT_SUPPORTED) << "not even an element";
  }
}

/// Most of its columns begin at an odd element anyway.
TEST_F(CublasLtRules, AMatrixWithAnOddLeadingDimensionNeedsNoAlignment) {
  const Matrix odd = operand(kM, kK, false, 1, 1);
  const DeviceArray<float> a(odd.values.size() + 1);
  LtMatmul plan(odd, host_b_, host_d_, {});
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(run(plan, {a.data() + 1, b_.data(), d_.data(), d_.data()}), CUBLAS_STATUS_SUCCESS);
}

TEST_F(CublasLtRules, InPlaceNeedsOneLayout) {
  LtMatmul plan(host_a_, host_b_, host_d_, {});
  plan.describe(LtMatmul::C, CUDA_R_32F, result(kM, kN, 4, 0.0F));
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(run(plan, addresses()), CUBLAS_STATUS_INVALID_VALUE);
}

TEST_F(CublasLtRules, ProductsCheckTheirArguments) {
  LtMatmul plan(host_a_, host_b_, host_d_, {});
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(run(plan, {nullptr, b_.data(), d_.data(), d_.data()}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(run(plan, {a_.data(), b_.data(), nullptr, d_.data()}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(run(plan, {a_.data(), b_.data(), d_.data(), nullptr}), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(plan.run(handle_, nullptr, &zero_, addresses(), stream_), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(plan.run(nullptr, &one_, &zero_, addresses(), stream_), CUBLAS_STATUS_NOT_INITIALIZED);
  plan.set(LtMatmul::A, CUBLASLT_MATRIX_LAYOUT_LD, std::int64_t{kM - 1});
  EXPECT_EQ(run(plan, addresses()), CUBLAS_STATUS_INVALID_VALUE) << "layouts are checked again";
}

TEST_F(CublasLtRules, AnAskedFaultIsAnsweredOnce) {
  LtMatmul plan(host_a_, host_b_, host_d_, {});
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  fail_call("cublasLtMatmul", 1, cudaErrorLaunchFailure);
  EXPECT_EQ(run(plan, addresses()), CUBLAS_STATUS_EXECUTION_FAILED);
  EXPECT_EQ(run(plan, addresses()), CUBLAS_STATUS_SUCCESS);
  fail_call("cublasLtMatmulAlgoGetHeuristic", 1, cudaErrorNotSupported);
  EXPECT_EQ(plan.choose(handle_), CUBLAS_STATUS_NOT_SUPPORTED);
  clear_faults();
}

/// A program that gives everything back, whatever fails.
cublasStatus_t plan_and_run(const Matrix& shape, float* data, cudaStream_t stream) {
  cublasStatus_t status = CUBLAS_STATUS_SUCCESS;
  const auto did = [&](cublasStatus_t answer) {
    status = answer;
    return answer == CUBLAS_STATUS_SUCCESS;
  };
  cublasLtHandle_t handle = nullptr;
  cublasLtMatmulDesc_t operation = nullptr;
  cublasLtMatrixLayout_t layout = nullptr;
  cublasLtMatmulPreference_t preference = nullptr;
  cublasLtMatmulHeuristicResult_t choice{};
  const std::int32_t transpose = CUBLAS_OP_T;
  const std::uint64_t workspace_bytes = 0;
  const auto rows = static_cast<std::uint64_t>(shape.rows);
  const float factor = 0.0F;
  int found = 0;
  static_cast<void>(
      did(cublasLtCreate(&handle)) && did(cublasLtMatmulDescCreate(&operation, CUBLAS_COMPUTE_32F, CUDA_R_32F)) &&
      did(cublasLtMatmulDescSetAttribute(operation, CUBLASLT_MATMUL_DESC_TRANSA, &transpose, sizeof transpose)) &&
      did(cublasLtMatrixLayoutCreate(&layout, CUDA_R_32F, rows, rows, shape.leading)) &&
      did(cublasLtMatmulPreferenceCreate(&preference)) &&
      did(cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspace_bytes,
                                               sizeof workspace_bytes)) &&
      did(cublasLtMatmulAlgoGetHeuristic(handle, operation, layout, layout, layout, layout, preference, 1, &choice,
                                         &found)) &&
      did(cublasLtMatmul(handle, operation, &factor, data, layout, data, layout, &factor, data + 16, layout, data + 16,
                         layout, &choice.algo, nullptr, 0, stream)));
  EXPECT_EQ(cublasLtMatmulPreferenceDestroy(preference), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasLtMatrixLayoutDestroy(layout), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasLtMatmulDescDestroy(operation), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasLtDestroy(handle), handle == nullptr ? CUBLAS_STATUS_INVALID_VALUE : CUBLAS_STATUS_SUCCESS);
  return status;
}

TEST_F(CublasLtRules, EveryCallCanFailAndNothingIsLeftBehind) {
  const Matrix shape(4, 4, 4, 0.0F, 0.0F);
  const std::size_t before = calls();
  ASSERT_EQ(plan_and_run(shape, d_.data(), stream_), CUBLAS_STATUS_SUCCESS);
  const std::size_t count = calls() - before;
  EXPECT_EQ(count, 8U);
  const auto objects = live_objects();
  for (std::size_t n = 1; n <= count; ++n) {
    fail_any_call(n);
    EXPECT_NE(plan_and_run(shape, d_.data(), stream_), CUBLAS_STATUS_SUCCESS) << "call " << n;
    EXPECT_EQ(live_objects(), objects) << "call " << n;
  }
  EXPECT_EQ(plan_and_run(shape, d_.data(), stream_), CUBLAS_STATUS_SUCCESS) << "no fault is left";
}

using CublasLtDeath = CublasLtRules;

TEST_F(CublasLtDeath, AnAlgorithmServesTheProblemThatItWasChosenFor) {
  LtMatmul plan(host_a_, host_b_, host_d_, {});
  EXPECT_FAILURE(run(plan, addresses()), "cublasLtMatmul: this algorithm was never initialised");
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  plan.set(CUBLASLT_MATMUL_DESC_COMPUTE_TYPE, std::int32_t{CUBLAS_COMPUTE_32F_FAST_TF32});
  EXPECT_FAILURE(run(plan, addresses()),
                 "cublasLtMatmul: the algorithm was chosen for 8 x 16 x 4, .* and not for 8 x 16 x 4");
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  plan.set(CUBLASLT_MATMUL_DESC_POINTER_MODE, std::int32_t{CUBLASLT_POINTER_MODE_DEVICE});
  EXPECT_FAILURE(run(plan, addresses()), "cublasLtMatmul: the algorithm was chosen for ");
  EXPECT_FAILURE(cublasLtMatmul(handle_, plan.operation(), &one_, a_.data(), plan.layout(LtMatmul::A), b_.data(),
                                plan.layout(LtMatmul::B), &zero_, d_.data(), plan.layout(LtMatmul::D), d_.data(),
                                plan.layout(LtMatmul::D), nullptr, nullptr, 0, stream_),
                 "cublasLtMatmul without an algorithm");
}

TEST_F(CublasLtDeath, AlgorithmsAreAskedForOutsideOfCaptures) {
  LtMatmul plan(host_a_, host_b_, host_d_, {});
  stream_.wait();
  ASSERT_EQ(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeGlobal), cudaSuccess);
  EXPECT_FAILURE(plan.choose(handle_), "cublasLtMatmulAlgoGetHeuristic asks for an algorithm while a stream captures");
  cudaGraph_t graph = nullptr;
  ASSERT_EQ(cudaStreamEndCapture(stream_, &graph), cudaSuccess);
  EXPECT_EQ(cudaGraphDestroy(graph), cudaSuccess);
}

TEST_F(CublasLtDeath, MatricesMustLieWithinTheirAllocations) {
  LtMatmul plan(host_a_, host_b_, host_d_, {});
  plan.set(LtMatmul::A, CUBLASLT_MATRIX_LAYOUT_LD, std::int64_t{kM + 4});
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  EXPECT_FAILURE(run(plan, addresses()), "cublasLtMatmul: A: 176 bytes from byte 0 of an allocation of 128");
}

TEST_F(CublasLtDeath, TheBiasMustLieWithinItsAllocation) {
  LtMatmul plan(host_a_, host_b_, host_d_, {.epilogue = CUBLASLT_EPILOGUE_BIAS, .bias = bias_.data() + kN - kM + 1});
  ASSERT_EQ(plan.choose(handle_), CUBLAS_STATUS_SUCCESS);
  EXPECT_FAILURE(run(plan, addresses()), "cublasLtMatmul: the bias: 32 bytes from byte 36 of an allocation of 64");
}

TEST_F(CublasLtDeath, TheWorkspaceMustBeItsOwnMemory) {
  LtMatmul plan(host_a_, host_b_, host_d_, {});
  ASSERT_EQ(plan.choose(handle_, kWorkspaceBytes), CUBLAS_STATUS_SUCCESS);
  EXPECT_FAILURE(run(plan, addresses(), workspace_.data(), 4 * kWorkspaceBytes), "cublasLtMatmul: the workspace: ");
  EXPECT_FAILURE(run(plan, addresses(), d_.data(), kWorkspaceBytes), "cublasLtMatmul: the workspace overlaps D");
}

}  // namespace
}  // namespace cuda_emulation
