// The device, and launches on it.

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

#include "cuda_emulation/device/launch.hpp"
#include "cuda_emulation/grid.hpp"
#include "cuda_emulation/options.hpp"
#include "cuda_emulation/runtime/stand_in.hpp"
#include "cuda_emulation/runtime/state.hpp"

namespace cuda_emulation {

namespace {

constexpr unsigned kThreadsPerBlock = 1024;

/// Kernels that may have more dynamic shared memory than the usual.
std::map<const void*, std::size_t>& shared_limits() {
  static auto* const limits = new std::map<const void*, std::size_t>;
  return *limits;
}

/// What the runtime checks when a kernel is launched.
cudaError_t check_launch(const LaunchOptions& options, const void* function) {
  const dim3& grid = options.grid;
  const dim3& block = options.block;
  const dim3& cluster = options.cluster;
  const bool fits = grid.x > 0 && grid.y > 0 && grid.z > 0 && grid.x <= 0x7FFFFFFFU && grid.y <= 65535 && grid.z <= 65535 &&
                    block.x > 0 && block.y > 0 && block.z > 0 && block.z <= 64 && block.x <= kThreadsPerBlock &&
                    block.y <= kThreadsPerBlock && block.x * block.y * block.z <= kThreadsPerBlock;
  if (!fits) return cudaErrorInvalidConfiguration;

  const auto found = shared_limits().find(function);
  if (options.shared_bytes > (found == shared_limits().end() ? kSharedBytesPlain : found->second))
    return cudaErrorInvalidValue;

  if (cluster.y != 1 || cluster.z != 1) fail(to_string(options.where) + ": the emulation knows clusters along x only");
  if (cluster.x == 0 || cluster.x > kClusterBlocksAtMost || grid.x % cluster.x != 0) return cudaErrorInvalidClusterSize;

  const std::size_t resident = std::size_t{kMultiprocessors} * kBlocksPerMultiprocessor;
  if (options.cooperative && std::size_t{grid.x} * grid.y * grid.z > resident) return cudaErrorCooperativeLaunchTooLarge;
  return cudaSuccess;
}

}  // namespace

cudaError_t enqueue_launch(const LaunchOptions& options, const void* function, std::function<void()> kernel) {
  if (const cudaError_t error = begin_call("cudaLaunchKernelExC"); error != cudaSuccess) return error;
  if (const cudaError_t error = check_launch(options, function); error != cudaSuccess) return remember(error);
  const GridShape shape{.grid = options.grid,
                        .block = options.block,
                        .cluster = options.cluster,
                        .shared_bytes = options.shared_bytes,
                        .allows_more_shared = shared_limits().contains(function),
                        .cooperative = options.cooperative};
  return enqueue(
      options.stream, "kernel",
      [shape, kernel = std::move(kernel)]() mutable {
        const auto run_one = [](void* argument) { (*static_cast<std::function<void()>*>(argument))(); };
        Grid(shape, run_one, &kernel).run();
      },
      "the kernel launched at " + to_string(options.where));
}

}  // namespace cuda_emulation

using cuda_emulation::begin_call;
using cuda_emulation::remember;

extern "C" {

cudaError_t cudaGetDeviceCount(int* count) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  *count = 1;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  return device == 0 ? cudaSuccess : remember(cudaErrorInvalidDevice);
}

cudaError_t cudaGetDevice(int* device) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  *device = 0;
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (device != 0) return remember(cudaErrorInvalidDevice);
  *properties = {};
  std::strncpy(properties->name, "CUDA emulation", sizeof properties->name - 1);
  properties->major = 9;
  properties->minor = 0;
  properties->warpSize = 32;
  properties->maxThreadsPerBlock = cuda_emulation::kThreadsPerBlock;
  properties->multiProcessorCount = cuda_emulation::kMultiprocessors;
  properties->sharedMemPerBlock = cuda_emulation::kSharedBytesPlain;
  properties->sharedMemPerBlockOptin = cuda_emulation::kSharedBytesAtMost;
  properties->cooperativeLaunch = 1;
  std::size_t free_bytes = 0;
  return cudaMemGetInfo(&free_bytes, &properties->totalGlobalMem);
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (device != 0) return remember(cudaErrorInvalidDevice);
  switch (attribute) {
    case cudaDevAttrComputeCapabilityMajor:
      *value = 9;
      return cudaSuccess;
    case cudaDevAttrComputeCapabilityMinor:
      *value = 0;
      return cudaSuccess;
    case cudaDevAttrWarpSize:
      *value = 32;
      return cudaSuccess;
    case cudaDevAttrMaxThreadsPerBlock:
      *value = cuda_emulation::kThreadsPerBlock;
      return cudaSuccess;
    case cudaDevAttrMultiProcessorCount:
      *value = cuda_emulation::kMultiprocessors;
      return cudaSuccess;
    case cudaDevAttrCooperativeLaunch:
      *value = 1;
      return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerBlock:
      *value = cuda_emulation::kSharedBytesPlain;
      return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin:
      *value = cuda_emulation::kSharedBytesAtMost;
      return cudaSuccess;
    default:
      cuda_emulation::fail("cudaDeviceGetAttribute: the emulation does not know attribute " +
                           std::to_string(static_cast<int>(attribute)));
  }
}

cudaError_t cudaFuncSetAttribute(const void* function, cudaFuncAttribute attribute, int value) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaSuccess;  // the others are hints
  if (value < 0 || static_cast<std::size_t>(value) > cuda_emulation::kSharedBytesAtMost)
    return remember(cudaErrorInvalidValue);
  cuda_emulation::shared_limits()[function] = static_cast<std::size_t>(value);
  return cudaSuccess;
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* /*function*/, int /*block_size*/,
                                                          std::size_t /*shared_bytes*/) {
  if (const cudaError_t error = begin_call(__func__); error != cudaSuccess) return error;
  *blocks = cuda_emulation::kBlocksPerMultiprocessor;
  return cudaSuccess;
}
}
