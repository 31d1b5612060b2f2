#include "backend/cuda/pinned_array.hpp"

#include <fmt/format.h>

#include "base/memory.hpp"
#include "gradus/error.hpp"

namespace gradus::internal::cuda {

void* allocate_pinned(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  void* memory = nullptr;
  const cudaError_t code = cudaMallocHost(&memory, bytes);
  if (code != cudaErrorMemoryAllocation) {
    check(code, "cudaMallocHost");
    return memory;
  }
  static_cast<void>(cudaGetLastError());  // clears the error, which is reported below
  throw OutOfMemory(
      fmt::format("not enough memory for copies to the GPU: a buffer needs {} that stay in memory, and {} are "
                  "available",
                  format_bytes(bytes), format_bytes(available_memory())));
}

void release_pinned(void* memory) noexcept {
  if (memory != nullptr) static_cast<void>(cudaFreeHost(memory));
}

}  // namespace gradus::internal::cuda
