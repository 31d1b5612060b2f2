#pragma once

#include <cublasLt.h>
#include <string_view>

#include "kernels/cuda_error.hpp"
#include "kernels/source_location.hpp"

namespace gradus::internal::cuda {

using kernels::check;

/// Throws DeviceError, with the library's text and the place in the sources, unless the status is success.
void check(cublasStatus_t status, std::string_view call,
           const kernels::SourceLocation& where = kernels::SourceLocation::current());

/// Rethrows what is being handled: kernels::CudaError as DeviceError, anything else as it is.
[[noreturn]] void rethrow_as_device_error();

/// work(), whose CudaError becomes a DeviceError.
template <typename Work>
decltype(auto) with_device_errors(Work work) {
  try {
    return work();
  } catch (const kernels::CudaError&) {
    rethrow_as_device_error();
  }
}

}  // namespace gradus::internal::cuda
