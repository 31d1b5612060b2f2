#pragma once

// Keywords and built-in variables. Types come from the toolkit's own headers, which plain C++ may include, so that float4
// has its alignment and every signature is checked.

#include <cuda_bf16.h>
#include <cuda_runtime_api.h>
#include <vector_functions.h>

#include "cuda_emulation/collectives.hpp"
#include "cuda_emulation/thread.hpp"

// The toolkit makes these empty for plain C++. An empty __shared__ would make a variable of each thread: an error instead.
#undef __shared__
#define __shared__ static_assert(false, "shared memory is declared by GRADUS_SHARED or GRADUS_DYNAMIC_SHARED")
#undef __constant__
#define __constant__ static_assert(false, "the emulation knows no constant memory: pass a struct to the kernel")
#undef __launch_bounds__
#define __launch_bounds__(...)

#define threadIdx (::cuda_emulation::this_thread().index)
#define blockIdx (::cuda_emulation::this_thread().block)
#define blockDim (::cuda_emulation::this_thread().block_size)
#define gridDim (::cuda_emulation::this_thread().grid_size)
inline constexpr int warpSize = 32;

// A variable of the block. Its key is the address of something that there is once per declaration (and per instance of a
// template).
#define CUDA_EMULATION_SHARED(type, name, ...)                                          \
  using CudaEmulationType_##name = type __VA_ARGS__;                                    \
  static constexpr char cuda_emulation_key_##name = 0;                                  \
  auto& name = *static_cast<CudaEmulationType_##name*>(::cuda_emulation::static_shared( \
      &cuda_emulation_key_##name, sizeof(CudaEmulationType_##name), alignof(CudaEmulationType_##name)))
