#pragma once

#include <cuda_runtime_api.h>
#include <stdexcept>
#include <string>
#include <string_view>

#include "source_location.hpp"

namespace gradus::kernels {

/// A call of CUDA that failed. The message names the call, CUDA's own text, and the place in the sources.
class CudaError : public std::runtime_error {
 public:
  CudaError(cudaError_t code, std::string_view call, const SourceLocation& where)
      : std::runtime_error(std::string(call) + ": " + cudaGetErrorString(code) + " (" + cudaGetErrorName(code) + ") at " +
                           where.file_name() + ":" + std::to_string(where.line())),
        code_(code) {}

  [[nodiscard]] cudaError_t code() const { return code_; }

 private:
  cudaError_t code_;
};

/// Throws CudaError unless `code` is success. `call` is what was called, for the message. CUDA's memory of its last error is
/// cleared, so that the next check does not find this one again.
inline void check(cudaError_t code, std::string_view call, const SourceLocation& where = SourceLocation::current()) {
  if (code == cudaSuccess) return;
  static_cast<void>(cudaGetLastError());
  throw CudaError(code, call, where);
}

}  // namespace gradus::kernels
