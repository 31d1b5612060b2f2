#pragma once

#include <cublas_api.h>
#include <cuda_runtime_api.h>

namespace cuda_emulation {

/// The status that cuBLAS has for an error of CUDA.
cublasStatus_t to_status(cudaError_t error);

/// begin_call and begin_release of runtime/stand_in.hpp, for functions that answer with a status of cuBLAS.
cublasStatus_t begin_blas_call(const char* function);
cublasStatus_t begin_blas_release(const char* function);

/// "CUBLAS_STATUS_SUCCESS" and "success", as the libraries have them.
const char* status_name(cublasStatus_t status);
const char* status_text(cublasStatus_t status);

}  // namespace cuda_emulation
