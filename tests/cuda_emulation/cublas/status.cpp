#include "cuda_emulation/cublas/status.hpp"

#include "cuda_emulation/runtime/stand_in.hpp"

namespace cuda_emulation {

namespace {

struct StatusText {
  cublasStatus_t status;
  const char* name;
  const char* text;
};

#define CUDA_EMULATION_STATUS(status, text) \
  { status, #status, text }
constexpr StatusText kStatuses[] = {
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_SUCCESS, "success"),
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_NOT_INITIALIZED, "the library was not initialized"),
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_ALLOC_FAILED, "the resource allocation failed"),
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_INVALID_VALUE, "an unsupported value or parameter was passed to the function"),
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_ARCH_MISMATCH,
                          "the function requires an architectural feature absent from the device"),
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_MAPPING_ERROR, "an access to GPU memory space failed"),
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_EXECUTION_FAILED, "the function failed to launch on the GPU"),
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_INTERNAL_ERROR, "an internal operation failed"),
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_NOT_SUPPORTED, "the requested functionality is not supported"),
    CUDA_EMULATION_STATUS(CUBLAS_STATUS_LICENSE_ERROR, "the license check failed"),
};
#undef CUDA_EMULATION_STATUS

const StatusText& text_of(cublasStatus_t status) {
  static constexpr StatusText kUnknown{CUBLAS_STATUS_INTERNAL_ERROR, "unrecognized status", "unrecognized status"};
  for (const StatusText& each : kStatuses)
    if (each.status == status) return each;
  return kUnknown;
}

}  // namespace

cublasStatus_t to_status(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return CUBLAS_STATUS_SUCCESS;
    case cudaErrorMemoryAllocation:
      return CUBLAS_STATUS_ALLOC_FAILED;
    case cudaErrorInvalidValue:
      return CUBLAS_STATUS_INVALID_VALUE;
    case cudaErrorNotSupported:
      return CUBLAS_STATUS_NOT_SUPPORTED;
    case cudaErrorLaunchFailure:
    case cudaErrorLaunchOutOfResources:
    case cudaErrorIllegalAddress:
    case cudaErrorMisalignedAddress:
    case cudaErrorECCUncorrectable:
    case cudaErrorStreamCaptureInvalidated:
      return CUBLAS_STATUS_EXECUTION_FAILED;
    default:
      return CUBLAS_STATUS_INTERNAL_ERROR;
  }
}

cublasStatus_t begin_blas_call(const char* function) {
  return to_status(begin_call(function));
}

cublasStatus_t begin_blas_release(const char* function) {
  return to_status(begin_release(function));
}

const char* status_name(cublasStatus_t status) {
  return text_of(status).name;
}

const char* status_text(cublasStatus_t status) {
  return text_of(status).text;
}

}  // namespace cuda_emulation

extern "C" {

const char* cublasGetStatusName(cublasStatus_t status) {
  return cuda_emulation::status_name(status);
}
const char* cublasGetStatusString(cublasStatus_t status) {
  return cuda_emulation::status_text(status);
}
}
