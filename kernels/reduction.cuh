#pragma once

// Sums in a fixed order, so that the same numbers always give the same bits. A thread adds a few floats as floats; from
// there on everything is added as doubles, and only the result is rounded. No atomic additions: their order is not fixed.

#include "device.cuh"
#include "launchers/on.hpp"

namespace gradus::kernels {

/// The sum over a warp, for its lane 0.
__device__ inline double warp_sum(double value) {
  for (unsigned distance = kWarp / 2; distance > 0; distance /= 2) value += __shfl_down_sync(kFullMask, value, distance);
  return value;
}

/// The sum over a block, for its thread 0. The block is one-dimensional, of whole warps.
__device__ inline double block_sum(double value) {
  GRADUS_SHARED(double, warp_sums, [kWarp]);
  const unsigned lane = threadIdx.x % kWarp;
  const unsigned warp = threadIdx.x / kWarp;
  value = warp_sum(value);
  __syncthreads();  // warp 0 may still be reading for the sum before this one
  if (lane == 0) warp_sums[warp] = value;
  __syncthreads();
  if (warp == 0) value = warp_sum(lane < blockDim.x / kWarp ? warp_sums[lane] : 0.0);
  return value;
}

/// For a block whose thread g · width + c brings a value of group g for column c: the groups' values combined, for thread c.
/// Threads from groups · width on bring nothing. `shared`: a value for each thread.
template <class Value, class Combine>
__device__ Value combine_groups(const Value& value, unsigned width, unsigned groups, Value* shared, Combine combine) {
  const unsigned thread = threadIdx.x;
  __syncthreads();  // others may still be reading for the values before these
  shared[thread] = value;
  while (groups > 1) {
    const unsigned upper = groups / 2;  // groups that are combined with the lower ones, and gone
    groups -= upper;
    __syncthreads();
    if (thread < upper * width) shared[thread] = combine(shared[thread], shared[thread + groups * width]);
  }
  return shared[thread];
}

/// The sum over the groups, likewise.
__device__ inline double sum_over_groups(double value, unsigned width, unsigned groups, double* shared) {
  return combine_groups(value, width, groups, shared, [](double a, double b) { return a + b; });
}

/// Whether this block is the last of `blocks` to come here with this ticket. It then sees what all of them wrote before. The
/// ticket is 0 at first, and again at the end.
__device__ inline bool is_last_block(unsigned* ticket, unsigned blocks) {
  GRADUS_SHARED(bool, is_last);
  __syncthreads();  // the whole block has written
  if (threadIdx.x == 0) {
    __threadfence();
    is_last = atomicInc(ticket, blocks - 1) == blocks - 1;
    __threadfence();
  }
  __syncthreads();
  return is_last;
}

/// Adds `sum`, of each block's thread 0, over all blocks of the grid, and that to *total.
__device__ inline void add_to_total(double sum, double* total, SumScratch* scratch) {
  const unsigned blocks = gridDim.x * gridDim.y;
  // Where no columns are shared there may be more blocks, and the parts of columns have no other use.
  double* const totals = gridDim.y > 1 ? scratch->totals : scratch->parts;
  bool is_mine = true;
  if (blocks > 1) {
    if (threadIdx.x == 0) totals[blockIdx.y * gridDim.x + blockIdx.x] = sum;
    is_mine = is_last_block(&scratch->total_ticket, blocks);
    if (is_mine) {
      sum = 0.0;
      for (unsigned block = threadIdx.x; block < blocks; block += blockDim.x) sum += totals[block];
      sum = block_sum(sum);
    }
  }
  if (is_mine && threadIdx.x == 0) *total += sum;
}

}  // namespace gradus::kernels
