#pragma once

#include <cublasLt.h>
#include <cuda_runtime_api.h>
#include <memory>

// Owners of CUDA's handles. They may outlive the driver, as when the process ends: errors of destruction are ignored.
namespace gradus::internal::cuda {

template <auto Destroy>
struct Destroyer {
  template <typename Handle>
  void operator()(Handle* handle) const noexcept {
    static_cast<void>(Destroy(handle));
  }
};

using Stream = std::unique_ptr<CUstream_st, Destroyer<cudaStreamDestroy>>;
using Event = std::unique_ptr<CUevent_st, Destroyer<cudaEventDestroy>>;
using Graph = std::unique_ptr<CUgraph_st, Destroyer<cudaGraphDestroy>>;
using ExecutableGraph = std::unique_ptr<CUgraphExec_st, Destroyer<cudaGraphExecDestroy>>;
using LtHandle = std::unique_ptr<cublasLtContext, Destroyer<cublasLtDestroy>>;
using MatmulDescriptor = std::unique_ptr<cublasLtMatmulDescOpaque_t, Destroyer<cublasLtMatmulDescDestroy>>;
using MatrixLayout = std::unique_ptr<cublasLtMatrixLayoutOpaque_t, Destroyer<cublasLtMatrixLayoutDestroy>>;
using MatmulPreference = std::unique_ptr<cublasLtMatmulPreferenceOpaque_t, Destroyer<cublasLtMatmulPreferenceDestroy>>;

}  // namespace gradus::internal::cuda
