// cuBLASLt: handles, the choice of algorithms, and the product.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <cublasLt.h>

#include "cuda_emulation/cublas/device_product.hpp"
#include "cuda_emulation/cublas/matmul_problem.hpp"
#include "cuda_emulation/cublas/status.hpp"
#include "cuda_emulation/runtime/stand_in.hpp"

struct cublasLtContext {
  std::uint32_t tag;
};

namespace cuda_emulation {

namespace {

/// The address of a workspace must be a multiple of this.
constexpr std::uintptr_t kWorkspaceAlignment = 256;

bool is_handle(cublasLtHandle_t handle, const char* function) {
  if (handle == nullptr) return false;
  std::uint32_t tag = 0;  // not through the type: it may be a handle of cuBLAS
  std::memcpy(&tag, handle, sizeof tag);
  if (tag != kHandleTag) fail(std::string(function) + ": the handle is none, or is destroyed");
  return true;
}

/// The library would not notice. But it may load code and allocate when it is asked for the first time, and what it answers
/// belongs to the planning of a step, not into what is captured and replayed.
void forbid_capture(const char* function) {
  if (is_capturing()) fail(std::string(function) + " asks for an algorithm while a stream captures: ask before");
}

cublasLtMatmulHeuristicResult_t to_result(const Algorithm& algorithm) {
  cublasLtMatmulHeuristicResult_t result{};
  store_state(&result.algo, algorithm);
  result.workspaceSize = algorithm.workspace_bytes;
  result.state = CUBLAS_STATUS_SUCCESS;
  result.wavesCount = 1;
  return result;
}

/// All algorithms for a problem, the one that is thought fastest first.
cublasStatus_t find_algorithms(const MatmulProblem& problem, MatmulPreference preference,
                               std::array<Algorithm, 2>& algorithms, int& count) {
  algorithms[0] = choose_algorithm(problem, preference);
  count = 1;
  if (!is_aligned_enough(problem, algorithms[0])) return CUBLAS_STATUS_NOT_SUPPORTED;
  if (algorithms[0].workspace_bytes == 0) return CUBLAS_STATUS_SUCCESS;
  preference.workspace_bytes = 0;
  algorithms[1] = choose_algorithm(problem, preference);
  count = 2;
  return CUBLAS_STATUS_SUCCESS;
}

struct Addresses {
  const void* a;
  const void* b;
  const void* c;
  void* d;
};

bool are_aligned(const Addresses& addresses, const Algorithm& algorithm) {
  const void* const all[] = {addresses.a, addresses.b, addresses.c, addresses.d};
  for (std::size_t i = 0; i < 4; ++i)
    if (reinterpret_cast<std::uintptr_t>(all[i]) % (std::uintptr_t{1} << algorithm.alignment_bits[i]) != 0) return false;
  return true;
}

/// The library may run an algorithm that it found for another problem, or refuse, or compute nonsense. Without one it asks
/// for one itself, in every call: that is for trying things out.
Algorithm checked_algorithm(const cublasLtMatmulAlgo_t* algo, const MatmulProblem& problem, const char* function) {
  if (algo == nullptr) fail(std::string(function) + " without an algorithm: ask for one before");
  const auto algorithm = load_state<Algorithm>(algo, function);
  if (algorithm.problem != problem.key)
    fail(std::string(function) + ": the algorithm was chosen for " + to_string(algorithm.problem) + ", and not for " +
         to_string(problem.key));
  return algorithm;
}

cublasStatus_t check_addresses(const MatmulProblem& problem, const Addresses& addresses) {
  if (addresses.a == nullptr || addresses.b == nullptr || addresses.c == nullptr || addresses.d == nullptr)
    return CUBLAS_STATUS_INVALID_VALUE;
  if (addresses.c == addresses.d && !problem.same_layout_of_c_and_d) return CUBLAS_STATUS_INVALID_VALUE;
  const StridedMatrix& bias = problem.product.bias;
  if (problem.product.bias_role == BiasRole::none) return CUBLAS_STATUS_SUCCESS;
  if (bias.data == nullptr || reinterpret_cast<std::uintptr_t>(bias.data) % bytes_of(bias.type) != 0)
    return CUBLAS_STATUS_INVALID_VALUE;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t check_workspace(const Workspace& workspace) {
  if (workspace.bytes < workspace.bytes_used) return CUBLAS_STATUS_INVALID_VALUE;
  if (workspace.bytes_used == 0) return CUBLAS_STATUS_SUCCESS;
  if (workspace.data == nullptr || reinterpret_cast<std::uintptr_t>(workspace.data) % kWorkspaceAlignment != 0)
    return CUBLAS_STATUS_INVALID_VALUE;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t matmul(const char* function, const MatmulDescriptors& descriptors, const Factors& factors,
                      const Addresses& addresses, const cublasLtMatmulAlgo_t* algo, Workspace workspace,
                      cudaStream_t stream) {
  MatmulProblem problem;
  if (const cublasStatus_t status = read_problem(function, descriptors, problem); status != CUBLAS_STATUS_SUCCESS)
    return status;
  if (factors.alpha == nullptr || factors.beta == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  if (const cublasStatus_t status = check_addresses(problem, addresses); status != CUBLAS_STATUS_SUCCESS) return status;

  const Algorithm algorithm = checked_algorithm(algo, problem, function);
  if (!are_aligned(addresses, algorithm)) return CUBLAS_STATUS_NOT_SUPPORTED;
  workspace.bytes_used = algorithm.workspace_bytes;
  if (const cublasStatus_t status = check_workspace(workspace); status != CUBLAS_STATUS_SUCCESS) return status;

  Product& product = problem.product;
  product.a.data = const_cast<void*>(addresses.a);
  product.b.data = const_cast<void*>(addresses.b);
  product.c.data = const_cast<void*>(addresses.c);
  product.d.data = addresses.d;
  return enqueue_product(function, stream, product, {factors.alpha, factors.beta, problem.factors_on_device}, workspace);
}

}  // namespace

}  // namespace cuda_emulation

using cuda_emulation::begin_blas_call;
using cuda_emulation::begin_blas_release;

extern "C" {

cublasStatus_t cublasLtCreate(cublasLtHandle_t* handle) {
  if (const cublasStatus_t status = begin_blas_call(__func__); status != CUBLAS_STATUS_SUCCESS) return status;
  if (handle == nullptr) return CUBLAS_STATUS_INVALID_VALUE;
  if (cuda_emulation::is_capturing()) return CUBLAS_STATUS_NOT_INITIALIZED;
  *handle = new cublasLtContext{cuda_emulation::kHandleTag};
  cuda_emulation::count_object("cublasLt handle", +1);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtDestroy(cublasLtHandle_t handle) {
  const cublasStatus_t status = begin_blas_release(__func__);
  if (!cuda_emulation::is_handle(handle, __func__)) return CUBLAS_STATUS_INVALID_VALUE;
  handle->tag = 0;
  delete handle;
  cuda_emulation::count_object("cublasLt handle", -1);
  return status;
}

std::size_t cublasLtGetVersion() {
  return CUBLAS_VERSION;
}
const char* cublasLtGetStatusName(cublasStatus_t status) {
  return cuda_emulation::status_name(status);
}
const char* cublasLtGetStatusString(cublasStatus_t status) {
  return cuda_emulation::status_text(status);
}

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t operation,
                                              cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b, cublasLtMatrixLayout_t c,
                                              cublasLtMatrixLayout_t d, cublasLtMatmulPreference_t preference, int requested,
                                              cublasLtMatmulHeuristicResult_t* results, int* returned) {
  if (const cublasStatus_t status = begin_blas_call(__func__); status != CUBLAS_STATUS_SUCCESS) return status;
  if (!cuda_emulation::is_handle(handle, __func__)) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (preference == nullptr || requested <= 0 || results == nullptr || returned == nullptr)
    return CUBLAS_STATUS_INVALID_VALUE;
  cuda_emulation::forbid_capture(__func__);
  *returned = 0;
  cuda_emulation::MatmulProblem problem;
  if (const cublasStatus_t status = read_problem(__func__, {operation, a, b, c, d}, problem);
      status != CUBLAS_STATUS_SUCCESS)
    return status;
  const auto wishes = cuda_emulation::load_state<cuda_emulation::MatmulPreference>(preference, __func__);
  std::array<cuda_emulation::Algorithm, 2> algorithms;
  int count = 0;
  if (const cublasStatus_t status = cuda_emulation::find_algorithms(problem, wishes, algorithms, count);
      status != CUBLAS_STATUS_SUCCESS)
    return status;
  for (; *returned < std::min(requested, count); ++*returned)
    results[*returned] = cuda_emulation::to_result(algorithms[static_cast<std::size_t>(*returned)]);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t operation, const void* alpha, const void* a,
                              cublasLtMatrixLayout_t a_layout, const void* b, cublasLtMatrixLayout_t b_layout,
                              const void* beta, const void* c, cublasLtMatrixLayout_t c_layout, void* d,
                              cublasLtMatrixLayout_t d_layout, const cublasLtMatmulAlgo_t* algo, void* workspace,
                              std::size_t workspace_bytes, cudaStream_t stream) {
  if (const cublasStatus_t status = begin_blas_call(__func__); status != CUBLAS_STATUS_SUCCESS) return status;
  if (!cuda_emulation::is_handle(handle, __func__)) return CUBLAS_STATUS_NOT_INITIALIZED;
  return cuda_emulation::matmul(__func__, {operation, a_layout, b_layout, c_layout, d_layout}, {alpha, beta}, {a, b, c, d},
                                algo, {.data = workspace, .bytes = workspace_bytes, .bytes_used = 0}, stream);
}
}
