// Names and texts of errors, those that can occur here.

#include <cuda_runtime_api.h>

namespace {

struct ErrorText {
  cudaError_t code;
  const char* name;
  const char* text;
};

// Texts as the CUDA runtime has them, where a user may see them in a message of ours.
#define CUDA_EMULATION_ERROR(code, text) \
  { code, #code, text }
constexpr ErrorText kErrors[] = {
    CUDA_EMULATION_ERROR(cudaSuccess, "no error"),
    CUDA_EMULATION_ERROR(cudaErrorInvalidValue, "invalid argument"),
    CUDA_EMULATION_ERROR(cudaErrorMemoryAllocation, "out of memory"),
    CUDA_EMULATION_ERROR(cudaErrorInvalidConfiguration, "invalid configuration argument"),
    CUDA_EMULATION_ERROR(cudaErrorInvalidDevice, "invalid device ordinal"),
    CUDA_EMULATION_ERROR(cudaErrorInvalidResourceHandle, "invalid resource handle"),
    CUDA_EMULATION_ERROR(cudaErrorInsufficientDriver, "CUDA driver version is insufficient for CUDA runtime version"),
    CUDA_EMULATION_ERROR(cudaErrorNoDevice, "no CUDA-capable device is detected"),
    CUDA_EMULATION_ERROR(cudaErrorDevicesUnavailable, "CUDA-capable device(s) is/are busy or unavailable"),
    CUDA_EMULATION_ERROR(cudaErrorNotReady, "device not ready"),
    CUDA_EMULATION_ERROR(cudaErrorIllegalAddress, "an illegal memory access was encountered"),
    CUDA_EMULATION_ERROR(cudaErrorLaunchOutOfResources, "too many resources requested for launch"),
    CUDA_EMULATION_ERROR(cudaErrorLaunchFailure, "unspecified launch failure"),
    CUDA_EMULATION_ERROR(cudaErrorCooperativeLaunchTooLarge, "too many blocks in cooperative launch"),
    CUDA_EMULATION_ERROR(cudaErrorNotSupported, "operation not supported"),
    CUDA_EMULATION_ERROR(cudaErrorIllegalState, "the operation cannot be performed in the present state"),
    CUDA_EMULATION_ERROR(cudaErrorStreamCaptureUnsupported, "operation not permitted when stream is capturing"),
    CUDA_EMULATION_ERROR(cudaErrorStreamCaptureInvalidated, "operation failed due to a previous error during capture"),
    CUDA_EMULATION_ERROR(cudaErrorStreamCaptureMerge, "operation would result in a merge of separate capture sequences"),
    CUDA_EMULATION_ERROR(cudaErrorStreamCaptureUnjoined, "capturing stream has unjoined work"),
    CUDA_EMULATION_ERROR(cudaErrorStreamCaptureIsolation, "dependency created on uncaptured work in another stream"),
    CUDA_EMULATION_ERROR(cudaErrorStreamCaptureUnmatched, "capture was not ended in the same stream as it began"),
    CUDA_EMULATION_ERROR(cudaErrorCapturedEvent, "operation not permitted on an event last recorded in a capturing stream"),
    CUDA_EMULATION_ERROR(cudaErrorInvalidClusterSize, "cluster misconfiguration"),
    CUDA_EMULATION_ERROR(cudaErrorECCUncorrectable, "uncorrectable ECC error encountered"),
    CUDA_EMULATION_ERROR(cudaErrorUnknown, "unknown error"),
};
#undef CUDA_EMULATION_ERROR

const ErrorText& text_of(cudaError_t code) {
  static constexpr ErrorText kUnknown{cudaErrorUnknown, "an error without a name here", "an error without a text here"};
  for (const ErrorText& each : kErrors)
    if (each.code == code) return each;
  return kUnknown;
}

}  // namespace

extern "C" {

const char* cudaGetErrorName(cudaError_t error) {
  return text_of(error).name;
}
const char* cudaGetErrorString(cudaError_t error) {
  return text_of(error).text;
}
}
