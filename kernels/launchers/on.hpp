#pragma once

// What all launchers have in common: they take a structure whose fields say what is to be done, and an `On` that says where.
// Plain C++ with the types of the CUDA runtime: nvcc is not needed to include these headers.
//
// Matrices are row-major, without gaps between rows; they may have no rows, and at most kMostColumns columns. All pointers
// are to device memory. Launchers put work into the stream and return at once; they throw CudaError. Any address of a float
// will do; accesses are of 16 bytes where the addresses of the matrices are multiples of 16.

#include <cstddef>
#include <cstdint>
#include <cuda_runtime_api.h>

namespace gradus::kernels {

/// How many threads a block has (a multiple of 32, at most 1024 where a launcher asks for no fewer), and how many blocks a
/// grid has at most. What is left over is done by the same threads in further rounds.
struct GridLimits {
  unsigned block = 256;
  unsigned blocks = 1;
};

/// A kernel that only streams through memory: blocks for many rounds of any GPU.
inline constexpr GridLimits kStreamingGrid{.block = 256, .blocks = 8192};

/// A kernel that adds up. The number of blocks decides the order of a sum, so it follows from the shape alone and not from
/// the GPU; this is about what a large one holds at once.
inline constexpr GridLimits kSummingGrid{.block = 256, .blocks = 1024};

/// What a matrix may have; within a row 32 bits count columns.
inline constexpr std::size_t kMostColumns = (std::size_t{1} << 31) - 1;

/// The upper half of a float's bits: its sign, its exponent, and 7 bits of its mantissa.
///
/// A launcher that makes the operand of a matrix product may also leave it `rounded` to bf16, in a matrix of the same shape;
/// null: it does not.
using Bf16 = std::uint16_t;

/// Where blocks leave their parts of a sum for the last of them to add. One is enough for all launches of one stream;
/// launches that may run at the same time need one each. All zero before its first use (cudaMemsetAsync); every launch
/// leaves the tickets at zero.
struct SumScratch {
  static constexpr std::size_t kColumns = 64;  ///< that one block sums up at most

  unsigned tickets[kSummingGrid.blocks];
  double parts[kSummingGrid.blocks * kColumns];
  unsigned total_ticket;
  double totals[kSummingGrid.blocks];
};

/// Where a launcher puts its work: into a stream, with the working memory of its sums, in grids of at most these sizes. A
/// launcher takes the limits of what its kernel does.
struct On {
  cudaStream_t stream = nullptr;
  SumScratch* scratch = nullptr;  ///< for launchers that add up
  GridLimits streaming = kStreamingGrid;
  GridLimits summing = kSummingGrid;
};

}  // namespace gradus::kernels
