#include "backend/cuda/matrix_products.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal::cuda {
namespace {

/// At most, as NVIDIA recommends for Hopper and later.
constexpr std::size_t kMostWorkspace = std::size_t{32} << 20;

template <typename Descriptor, typename Attribute, typename Value>
void set(cublasStatus_t (*function)(Descriptor, Attribute, const void*, std::size_t), Descriptor descriptor,
         Attribute attribute, const Value& value) {
  check(function(descriptor, attribute, &value, sizeof value), "setting an attribute of cuBLASLt");
}

MatmulDescriptor make_descriptor(Precision precision, const ProductShape& shape, bool factors_on_device) {
  cublasLtMatmulDesc_t made = nullptr;
  const cublasComputeType_t compute_type = precision == Precision::tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
  check(cublasLtMatmulDescCreate(&made, compute_type, CUDA_R_32F), "cublasLtMatmulDescCreate");
  MatmulDescriptor descriptor(made);
  const auto set_value = [made](cublasLtMatmulDescAttributes_t attribute, std::int32_t value) {
    set(cublasLtMatmulDescSetAttribute, made, attribute, value);
  };
  // cuBLASLt's first operand is our second: see Plan.
  set_value(CUBLASLT_MATMUL_DESC_TRANSA, shape.transposed_b ? CUBLAS_OP_T : CUBLAS_OP_N);
  set_value(CUBLASLT_MATMUL_DESC_TRANSB, shape.transposed_a ? CUBLAS_OP_T : CUBLAS_OP_N);
  set_value(CUBLASLT_MATMUL_DESC_POINTER_MODE,
            factors_on_device ? CUBLASLT_POINTER_MODE_DEVICE : CUBLASLT_POINTER_MODE_HOST);
  return descriptor;
}

/// A matrix that is row-major (rows, columns) to us is column-major (columns, rows) to cuBLASLt.
MatrixLayout make_layout(cudaDataType type, std::size_t rows, std::size_t columns) {
  cublasLtMatrixLayout_t made = nullptr;
  check(cublasLtMatrixLayoutCreate(&made, type, columns, rows, static_cast<std::int64_t>(columns)),
        "cublasLtMatrixLayoutCreate");
  return MatrixLayout(made);
}

MatrixLayout make_operand(Precision precision, std::size_t rows, std::size_t columns, bool transposed) {
  const cudaDataType type = precision == Precision::bf16 ? CUDA_R_16BF : CUDA_R_32F;
  return transposed ? make_layout(type, columns, rows) : make_layout(type, rows, columns);
}

MatmulPreference make_preference(std::uint32_t alignment) {
  cublasLtMatmulPreference_t made = nullptr;
  check(cublasLtMatmulPreferenceCreate(&made), "cublasLtMatmulPreferenceCreate");
  MatmulPreference preference(made);
  const auto set_value = [made](cublasLtMatmulPreferenceAttributes_t attribute, auto value) {
    set(cublasLtMatmulPreferenceSetAttribute, made, attribute, value);
  };
  set_value(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, std::uint64_t{kMostWorkspace});
  // Not in place, where parts of a sum are added as they come: the order, and with it the last bits, would vary.
  set_value(CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
            std::uint32_t{CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE | CUBLASLT_REDUCTION_SCHEME_OUTPUT_TYPE});
  set_value(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, alignment);
  set_value(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, alignment);
  set_value(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, alignment);
  set_value(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, alignment);
  return preference;
}

/// The largest power of two, up to 256, that all addresses are multiples of.
std::uint32_t alignment_of(const void* a, const void* b, const void* c) {
  const std::uintptr_t bits = reinterpret_cast<std::uintptr_t>(a) | reinterpret_cast<std::uintptr_t>(b) |
                              reinterpret_cast<std::uintptr_t>(c) | std::uintptr_t{256};
  return static_cast<std::uint32_t>(bits & (~bits + 1));
}

}  // namespace

/// cuBLASLt is column-major, so it computes the transposed product: Cᵀ = op(B)ᵀ op(A)ᵀ, where the transposed matrices are
/// those in memory.
struct MatrixProducts::Plan {
  MatmulDescriptor descriptor;
  MatrixLayout a;
  MatrixLayout b;
  MatrixLayout c;
  cublasLtMatmulHeuristicResult_t choice;
};

MatrixProducts::MatrixProducts(Precision precision) : precision_(precision) {
  cublasLtHandle_t made = nullptr;
  check(cublasLtCreate(&made), "cublasLtCreate");
  handle_.reset(made);
}

MatrixProducts::~MatrixProducts() = default;

void MatrixProducts::run(const ProductShape& shape, const Factors& factors, const void* a, const void* b, float* c,
                         cudaStream_t stream) {
  const Plan& plan = plan_for({shape, alignment_of(a, b, c), factors.on_device});
  const DeviceArray<unsigned char>& workspace = workspaces_.back();
  check(cublasLtMatmul(handle_.get(), plan.descriptor.get(), factors.alpha, b, plan.b.get(), a, plan.a.get(), factors.beta,
                       c, plan.c.get(), c, plan.c.get(), &plan.choice.algo, workspace.data(), workspace.size(), stream),
        "cublasLtMatmul");
}

void MatrixProducts::require_workspace(std::size_t bytes) {
  if (workspaces_.empty() || workspaces_.back().size() < bytes) workspaces_.emplace_back(bytes);
}

const MatrixProducts::Plan& MatrixProducts::plan_for(const Key& key) {
  const auto known = plans_.find(key);
  if (known != plans_.end()) return *known->second;

  const ProductShape& shape = key.shape;
  if (std::max({shape.rows, shape.columns, shape.inner}) > std::numeric_limits<std::int32_t>::max())
    throw DeviceError(fmt::format("the GPU: a matrix product of {} x {} x {} is more than cuBLASLt computes", shape.rows,
                                  shape.columns, shape.inner));
  auto plan = std::make_unique<Plan>();
  plan->descriptor = make_descriptor(precision_, shape, key.factors_on_device);
  plan->a = make_operand(precision_, shape.rows, shape.inner, shape.transposed_a);
  plan->b = make_operand(precision_, shape.inner, shape.columns, shape.transposed_b);
  plan->c = make_layout(CUDA_R_32F, shape.rows, shape.columns);
  const MatmulPreference preference = make_preference(key.alignment);
  int found = 0;
  check(cublasLtMatmulAlgoGetHeuristic(handle_.get(), plan->descriptor.get(), plan->b.get(), plan->a.get(), plan->c.get(),
                                       plan->c.get(), preference.get(), 1, &plan->choice, &found),
        "cublasLtMatmulAlgoGetHeuristic");
  if (found == 0) check(CUBLAS_STATUS_NOT_SUPPORTED, "cublasLtMatmulAlgoGetHeuristic");
  require_workspace(plan->choice.workspaceSize);
  return *plans_.emplace(key, std::move(plan)).first->second;
}

}  // namespace gradus::internal::cuda
