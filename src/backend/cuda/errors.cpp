#include "backend/cuda/errors.hpp"

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal::cuda {

void check(cublasStatus_t status, std::string_view call, const kernels::SourceLocation& where) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw DeviceError(fmt::format("the GPU: {}: {} ({}) at {}:{}", call, cublasLtGetStatusString(status),
                                cublasLtGetStatusName(status), where.file_name(), where.line()));
}

void rethrow_as_device_error() {
  try {
    throw;
  } catch (const kernels::CudaError& error) {
    throw DeviceError(fmt::format("the GPU: {}", error.what()));
  }
}

}  // namespace gradus::internal::cuda
