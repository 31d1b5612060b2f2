#pragma once

#include <cstddef>
#include <cstdint>

#include "cuda_emulation/failure.hpp"

// What threads of a kernel do together. Device-side headers (device/) give these the names of CUDA.
namespace cuda_emulation {

/// What the threads of a block vote in a barrier.
struct Votes {
  unsigned yes = 0;
  unsigned all = 0;
};

/// Waits for all threads of the block. It is an error when threads wait at different places, or when one has exited.
Votes block_barrier(bool vote, const Place& where);
/// Waits for all threads of the grid, which must have been launched cooperatively.
void grid_barrier(const Place& where);
/// Waits for all threads of the cluster of blocks.
void cluster_barrier(const Place& where);
/// Waits for the lanes of `mask` that have not exited, and orders their accesses to memory.
void warp_barrier(unsigned mask, const Place& where);

enum class WarpOperation : std::uint8_t { barrier, shuffle, shuffle_up, shuffle_down, shuffle_xor, vote, matrix_product };

/// The values that the 32 lanes of a warp bring to a collective, side by side.
inline constexpr std::size_t kLaneBytes = 32;
using LaneValue = unsigned char[kLaneBytes];

/// Every lane of `mask` brings `bytes` bytes, and gets what all have brought, until its next collective. As on a GPU, it
/// does not order accesses to memory. `full_only`: an error unless the mask is that of all 32 lanes.
const LaneValue* exchange_in_warp(unsigned mask, WarpOperation operation, const void* value, std::size_t bytes,
                                  bool full_only, const Place& where);
/// Reads from what `exchange_in_warp` gave, unseen by the sanitizers.
void read_lane_value(void* to, const void* from, std::size_t bytes);

/// Fences and atomics. A fence before one thread's atomic operation and another after another thread's operation on the same
/// object order what comes before the one and after the other (the fence-fence synchronisation of the PTX memory model); an
/// atomic operation alone orders nothing.
void fence();
/// Around the accesses of an atomic operation on `object`; the second is given what the first has returned.
void* before_atomic();
void after_atomic(void* object, void* self);

/// Shared memory of the block, garbage at first: the dynamic part, and the variable of a `key` that is unique to it.
void* dynamic_shared();
void* static_shared(const void* key, std::size_t bytes, std::size_t alignment);
/// Where the block `rank` of this cluster has what this block has at `address`.
void* map_shared(const void* address, unsigned rank, const Place& where);

/// Copies that a thread has started arrive when it waits for them, and not before; until then there is garbage.
void start_copy(void* to, const void* from, unsigned bytes, unsigned valid, const Place& where);
void commit_copies();
void wait_for_copies(unsigned pending_groups);

}  // namespace cuda_emulation
