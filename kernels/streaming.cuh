#pragma once

// What kernels share that stream through whole matrices as if they were vectors: thread i of the grid takes the i-th `Width`
// floats, then those one stride of the whole grid further on.

#include "device.cuh"
#include "launchers/on.hpp"

namespace gradus::kernels {

/// Floats that travel in one access to memory.
template <unsigned Width>
struct alignas(Width * sizeof(float)) Floats {
  float at[Width];
};

/// memory[i, i + Width) of `size`; zeros beyond the end. i is a multiple of Width, and `memory` aligned for it.
template <unsigned Width>
__device__ inline Floats<Width> load(const float* memory, std::size_t i, std::size_t size) {
  if (i + Width <= size) return *reinterpret_cast<const Floats<Width>*>(memory + i);
  Floats<Width> values{};
  for (unsigned k = 0; k < Width; ++k)
    if (i + k < size) values.at[k] = memory[i + k];
  return values;
}

/// The way back; nothing is written beyond the end.
template <unsigned Width>
__device__ inline void store(float* memory, std::size_t i, std::size_t size, const Floats<Width>& values) {
  if (i + Width <= size) {
    *reinterpret_cast<Floats<Width>*>(memory + i) = values;
    return;
  }
  for (unsigned k = 0; k < Width; ++k)
    if (i + k < size) memory[i + k] = values.at[k];
}

/// To the nearest, ties to even; NaN stays NaN.
__device__ inline Bf16 round_to_bf16(float value) {
  return __bfloat16_as_ushort(__float2bfloat16_rn(value));
}

/// What travels in one access where Width floats become bf16.
template <unsigned Width>
struct alignas(Width * sizeof(Bf16)) Bf16s {
  Bf16 at[Width];
};

/// As `store`, rounded.
template <unsigned Width>
__device__ inline void store_rounded(Bf16* memory, std::size_t i, std::size_t size, const Floats<Width>& values) {
  if (i + Width <= size) {
    Bf16s<Width> rounded;
    for (unsigned k = 0; k < Width; ++k) rounded.at[k] = round_to_bf16(values.at[k]);
    *reinterpret_cast<Bf16s<Width>*>(memory + i) = rounded;
    return;
  }
  for (unsigned k = 0; k < Width; ++k)
    if (i + k < size) memory[i + k] = round_to_bf16(values.at[k]);
}

/// Where this thread begins, and how far it is to its next floats. Grids are small enough for 32 bits (`streaming_blocks`).
template <unsigned Width>
__device__ inline unsigned first_float() {
  return (blockIdx.x * blockDim.x + threadIdx.x) * Width;
}
template <unsigned Width>
__device__ inline unsigned grid_stride() {
  return gridDim.x * blockDim.x * Width;
}

/// The most floats that one access can take: 4 when all addresses are multiples of 16, else 1.
template <class... Pointers>
bool can_take_four(const Pointers*... pointers) {
  return ((reinterpret_cast<std::uintptr_t>(pointers) % sizeof(Floats<4>) == 0) && ...);
}

/// The same of what is rounded; null is nowhere, and fits.
inline bool can_round_four(const Bf16* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer) % sizeof(Bf16s<4>) == 0;
}

/// The most threads that a block may have.
inline constexpr unsigned kMostThreads = 1024;

/// Throws CudaError for limits that kernels are not made for.
inline void check_limits(const GridLimits& limits, unsigned most_blocks, const char* launcher,
                         unsigned most_threads = kMostThreads) {
  const bool is_possible = limits.block > 0 && limits.block % kWarp == 0 && limits.block <= most_threads &&
                           limits.blocks > 0 && limits.blocks <= most_blocks;
  check(is_possible ? cudaSuccess : cudaErrorInvalidConfiguration, launcher);
}

constexpr std::size_t divide_up(std::size_t number, std::size_t by) {
  return number / by + (number % by == 0 ? 0 : 1);
}

/// Blocks for `size` floats, `width` in one access.
inline unsigned streaming_blocks(std::size_t size, unsigned width, const GridLimits& limits) {
  const std::size_t wanted = divide_up(size, std::size_t{limits.block} * width);
  return wanted < limits.blocks ? static_cast<unsigned>(wanted) : limits.blocks;
}

}  // namespace gradus::kernels
