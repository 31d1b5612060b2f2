#pragma once

// The one header that kernels include. nvcc compiles them for a GPU, or g++ for the emulation of CUDA on the CPU
// (docs/testing-cuda-without-a-gpu.md), and nothing but this header knows which. The rules for kernels are in
// CONTRIBUTING.md.

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include "source_location.hpp"

#if defined(GRADUS_CUDA_EMULATION)
#include "cuda_emulation/device.hpp"
#else
#include <cooperative_groups.h>
#include <cuda_bf16.h>
#include <cuda_runtime.h>

#include "instructions.cuh"
#endif

#include "cuda_error.hpp"

// Shared memory of a block, uninitialised: GRADUS_SHARED(float, tile, [32][33]); GRADUS_SHARED(bool, is_last);
// The dynamic one, as many bytes as the launch says, 16-byte aligned: GRADUS_DYNAMIC_SHARED(float, partial_sums);
// Both together are at most 48 KiB, unless the dynamic one alone is larger: a kernel that needs much makes all of it
// dynamic.
#if defined(GRADUS_CUDA_EMULATION)
#define GRADUS_SHARED(type, name, ...) CUDA_EMULATION_SHARED(type, name, __VA_ARGS__)
#define GRADUS_DYNAMIC_SHARED(type, name) \
  static_assert(alignof(type) <= 16);     \
  type* const name = static_cast<type*>(::cuda_emulation::dynamic_shared())
#else
#define GRADUS_SHARED(type, name, ...) __shared__ type name __VA_ARGS__
#define GRADUS_DYNAMIC_SHARED(type, name)                                 \
  static_assert(alignof(type) <= 16);                                     \
  extern __shared__ __align__(16) unsigned char gradus_dynamic_shared_[]; \
  type* const name = reinterpret_cast<type*>(gradus_dynamic_shared_)
#endif

namespace gradus::kernels {

#if defined(GRADUS_CUDA_EMULATION)
using namespace ::cuda_emulation::instructions;
#endif

/// Threads of a warp, and the mask that names them all.
inline constexpr unsigned kWarp = 32;
inline constexpr unsigned kFullMask = 0xFFFFFFFFU;

/// How a kernel is launched. `cluster`: blocks of a thread-block cluster (compute capability 9.0 and later).
struct Launch {
  dim3 grid;
  dim3 block;
  std::size_t shared_bytes = 0;
  cudaStream_t stream = nullptr;
  dim3 cluster = 1;
  SourceLocation where = SourceLocation::current();
};

namespace detail {

/// Dynamic shared memory that a kernel gets without asking for more.
inline constexpr std::size_t kPlainSharedBytes = std::size_t{48} << 10;

template <class... Parameters>
cudaError_t start(void (*kernel)(Parameters...), const Launch& launch, bool cooperative,
                  std::tuple<Parameters...> arguments) {
  const void* const function = reinterpret_cast<const void*>(kernel);
  if (launch.shared_bytes > kPlainSharedBytes) {
    const cudaError_t code =
        cudaFuncSetAttribute(function, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(launch.shared_bytes));
    if (code != cudaSuccess) return code;
  }
#if defined(GRADUS_CUDA_EMULATION)
  return ::cuda_emulation::launch(kernel,
                                  {.grid = launch.grid,
                                   .block = launch.block,
                                   .cluster = launch.cluster,
                                   .shared_bytes = launch.shared_bytes,
                                   .cooperative = cooperative,
                                   .stream = launch.stream,
                                   .where = launch.where},
                                  std::move(arguments));
#else
  cudaLaunchAttribute attributes[2];
  unsigned count = 0;
  if (cooperative) {
    attributes[count].id = cudaLaunchAttributeCooperative;
    attributes[count++].val.cooperative = 1;
  }
  if (launch.cluster.x * launch.cluster.y * launch.cluster.z > 1) {
    attributes[count].id = cudaLaunchAttributeClusterDimension;
    attributes[count].val.clusterDim.x = launch.cluster.x;
    attributes[count].val.clusterDim.y = launch.cluster.y;
    attributes[count++].val.clusterDim.z = launch.cluster.z;
  }
  cudaLaunchConfig_t config{};
  config.gridDim = launch.grid;
  config.blockDim = launch.block;
  config.dynamicSmemBytes = launch.shared_bytes;
  config.stream = launch.stream;
  config.attrs = attributes;
  config.numAttrs = count;
  return std::apply(
      [&](auto&... each) {
        void* pointers[] = {static_cast<void*>(&each)..., nullptr};
        return cudaLaunchKernelExC(&config, function, pointers);
      },
      arguments);
#endif
}

}  // namespace detail

/// Launches a kernel: launch(kernel, {.grid = 4, .block = 256, .stream = stream}, arguments…). Throws CudaError.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), const Launch& how, Arguments&&... arguments) {
  check(detail::start(kernel, how, false, std::tuple<Parameters...>(std::forward<Arguments>(arguments)...)),
        how.where.function_name(), how.where);
}

/// The same, with all blocks resident at once, so that the grid can wait for itself
/// (cooperative_groups::this_grid().sync()).
template <class... Parameters, class... Arguments>
void launch_cooperative(void (*kernel)(Parameters...), const Launch& how, Arguments&&... arguments) {
  check(detail::start(kernel, how, true, std::tuple<Parameters...>(std::forward<Arguments>(arguments)...)),
        how.where.function_name(), how.where);
}

}  // namespace gradus::kernels
