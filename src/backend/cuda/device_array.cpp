#include "backend/cuda/device_array.hpp"

#include <fmt/format.h>

#include "base/memory.hpp"
#include "gradus/error.hpp"

namespace gradus::internal::cuda {

void* allocate(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  void* memory = nullptr;
  const cudaError_t code = cudaMalloc(&memory, bytes);
  if (code != cudaErrorMemoryAllocation) {
    check(code, "cudaMalloc");
    return memory;
  }
  static_cast<void>(cudaGetLastError());  // clears the error, which is reported below
  std::size_t free_bytes = 0;
  std::size_t all_bytes = 0;
  check(cudaMemGetInfo(&free_bytes, &all_bytes), "cudaMemGetInfo");
  throw OutOfMemory(fmt::format("not enough memory on the GPU: a buffer needs {}, and {} of {} are free",
                                format_bytes(bytes), format_bytes(free_bytes), format_bytes(all_bytes)));
}

void release(void* memory) noexcept {
  static_cast<void>(cudaFree(memory));
}

}  // namespace gradus::internal::cuda
