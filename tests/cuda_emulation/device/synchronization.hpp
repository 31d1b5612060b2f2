#pragma once

// Barriers of blocks and warps, and fences.

#include "cuda_emulation/collectives.hpp"

inline void __syncthreads(const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  cuda_emulation::block_barrier(false, where);
}
inline int __syncthreads_count(int predicate, const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  return static_cast<int>(cuda_emulation::block_barrier(predicate != 0, where).yes);
}
inline int __syncthreads_or(int predicate, const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  return cuda_emulation::block_barrier(predicate != 0, where).yes > 0 ? 1 : 0;
}
inline int __syncthreads_and(int predicate, const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  const cuda_emulation::Votes votes = cuda_emulation::block_barrier(predicate != 0, where);
  return votes.yes == votes.all ? 1 : 0;
}

inline void __syncwarp(unsigned mask = 0xFFFFFFFFU, const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  cuda_emulation::warp_barrier(mask, where);
}

inline void __threadfence_block() {
  cuda_emulation::fence();
}
inline void __threadfence() {
  cuda_emulation::fence();
}
inline void __threadfence_system() {
  cuda_emulation::fence();
}
