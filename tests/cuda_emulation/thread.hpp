#pragma once

#include <vector_types.h>

#include "cuda_emulation/failure.hpp"

namespace cuda_emulation {

/// What a thread of a kernel knows of itself.
struct Thread {
  uint3 index{};  // in its block
  uint3 block{};  // of its block in the grid
  dim3 block_size;
  dim3 grid_size;
  dim3 cluster_size;
  unsigned rank = 0;  // in its block, x running fastest
  unsigned lane = 0;  // in its warp
  unsigned warp = 0;  // in its block
};

/// The thread that runs; null on the host.
extern Thread* running_thread;

inline const Thread& this_thread(const Place& where = Place::current()) {
  if (running_thread == nullptr) fail(to_string(where) + ": only a kernel has threads, blocks and warps");
  return *running_thread;
}

}  // namespace cuda_emulation
