#pragma once

#include <cstddef>
#include <cuda_runtime_api.h>

// Small kernels with faults that can be planted: each `…Bugs` has a switch for every fault, all of them off at first. What
// is right about them is tested too, on a GPU as well, which tests the emulation.
namespace gradus::self_test {

// ---- block_kernels.cu: barriers and shared memory of a block

struct TransposeBugs {
  bool no_barrier = false;       // between writing the tile and reading it
  bool row_beyond_tile = false;  // writes row 32 of 32
  bool not_transposed = false;
};
/// out (columns, rows) = in (rows, columns) transposed.
void launch_transpose(const float* in, float* out, int rows, int columns, TransposeBugs bugs, cudaStream_t stream);

struct ColumnSumBugs {
  bool no_second_barrier = false;  // the next round overwrites what is still being read
  bool early_return = false;       // threads without a column leave before the barrier
  bool divergent_barrier = false;  // two barriers in the two branches of a condition
  bool too_little_shared = false;  // the launch gives one row less than the kernel uses
};
/// sums (columns) of in (rows, columns).
void launch_column_sums(const float* in, float* sums, int rows, int columns, ColumnSumBugs bugs, cudaStream_t stream);

struct TotalBugs {
  bool uninitialized_shared = false;  // reads the sums of warps that there are not
  bool divergent_shuffle = false;     // only lanes that have a number take part
  bool partial_mask = false;          // the same, and says so in the mask
  bool plain_addition = false;        // blocks add to the total without an atomic operation
};
/// Adds the sum of in (count) to *total.
void launch_total(const float* in, float* total, int count, TotalBugs bugs, cudaStream_t stream);

// ---- warp_kernels.cu: warps

struct ReverseBugs {
  bool no_warp_barrier = false;
};
/// Every 32 neighbours of values (count) in reverse order.
void launch_reverse(float* values, int count, ReverseBugs bugs, cudaStream_t stream);

/// What 64 lanes get from each of kWarpResults collectives: results (kWarpResults, 64).
inline constexpr int kWarpResults = 16;
void launch_warp_collectives(unsigned* results, cudaStream_t stream);

struct ProductBugs {
  bool wrong_fragment = false;  // row and column of an element of B are exchanged
};
/// c (m, n) = a (m, k) b (k, n), row-major, by mma instructions.
void launch_product_tf32(const float* a, const float* b, float* c, int m, int n, int k, ProductBugs bugs,
                         cudaStream_t stream);
void launch_product_bf16(const float* a, const float* b, float* c, int m, int n, int k, ProductBugs bugs,
                         cudaStream_t stream);

// ---- grid_kernels.cu: blocks with each other

struct LastBlockBugs {
  bool no_fence_before = false;  // before the ticket that says that a block's sum is there
  bool no_fence_after = false;   // after the ticket that says that all are
};
/// *total = sum of in (count), by `blocks` blocks whose sums the last one adds up. `tickets` is 0 before and after.
void launch_last_block_total(const float* in, int count, float* block_sums, unsigned* tickets, float* total, int blocks,
                             LastBlockBugs bugs, cudaStream_t stream);

struct DiffusionBugs {
  bool no_sync_after_write = false;  // neighbours are read before they are written
  bool no_sync_after_read = false;   // neighbours are overwritten before they are read
};
/// `steps` times in one launch: every cell becomes the mean of its neighbours in the ring. `other` is scratch memory.
void launch_diffusion(float* cells, float* other, int count, int steps, DiffusionBugs bugs, cudaStream_t stream);

struct ClusterBugs {
  bool no_sync_before_read = false;
  bool no_sync_before_exit = false;
};
/// sums (blocks): for every cluster of 4 blocks, the sum of in over all of its blocks, in each of its elements.
void launch_cluster_sums(const float* in, float* sums, int blocks, ClusterBugs bugs, cudaStream_t stream);

// ---- memory_kernels.cu: global memory

struct ScaleBugs {
  bool one_too_many = false;
  bool misaligned = false;  // four at a time from an address that is a multiple of 4 bytes only
};
/// values (count) times factor, four at a time where that is possible.
void launch_scale(float* values, float factor, int count, ScaleBugs bugs, cudaStream_t stream);

struct CounterBugs {
  bool no_tail = false;  // the last block of four is written whole
};
/// values[i] = i, written in blocks of four.
void launch_count_up(unsigned* values, int count, CounterBugs bugs, cudaStream_t stream);

struct GatherBugs {
  bool ignores_order = false;
};
/// out (rows, columns) = the rows `order` of in.
void launch_gather(const float* in, const int* order, float* out, int rows, int columns, GatherBugs bugs,
                   cudaStream_t stream);

struct StagedBugs {
  bool no_wait = false;      // reads the stage before its copies have arrived
  bool no_barrier = false;   // between the arrival of one's own copies and reading those of others
  bool too_early = false;    // no barrier between reading a stage and copying into it again
  bool left_behind = false;  // exits with copies under way
};
/// out (count) = in times factor, through two stages of shared memory that cp.async fills.
void launch_staged_scale(const float* in, float* out, float factor, int count, StagedBugs bugs, cudaStream_t stream);

// ---- thrust_kernels.cu: Thrust in a stream

/// means (columns) of in (rows, columns).
void launch_column_means(const float* in, float* means, int rows, int columns, cudaStream_t stream);

struct SortBugs {
  bool no_wait = false;  // the order is read before it is there
};
/// Sorts the keys (count) in one stream; out (count) = in (count) in their order, in another one. Equal keys stay in order.
/// order[i] becomes the place of the i-th of them. `sorted`: an event for the one stream to tell the other.
void launch_sort(const float* in, unsigned* keys, int* order, float* out, int count, SortBugs bugs, cudaEvent_t sorted,
                 cudaStream_t sorting, cudaStream_t stream);

}  // namespace gradus::self_test
