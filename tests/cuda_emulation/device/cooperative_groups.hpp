#pragma once

// Cooperative groups: blocks, tiles of warps, clusters and grids. Names and types as in the toolkit's cooperative_groups.h.

#include "cuda_emulation/collectives.hpp"
#include "cuda_emulation/device/warp.hpp"
#include "cuda_emulation/thread.hpp"

namespace cooperative_groups {

using cuda_emulation::Place;

class thread_block {
 public:
  void sync(const Place& where = Place::current()) const { cuda_emulation::block_barrier(false, where); }
  [[nodiscard]] unsigned thread_rank() const { return cuda_emulation::this_thread().rank; }
  [[nodiscard]] unsigned num_threads() const {
    const dim3& size = cuda_emulation::this_thread().block_size;
    return size.x * size.y * size.z;
  }
  [[nodiscard]] unsigned size() const { return num_threads(); }
  [[nodiscard]] uint3 group_index() const { return cuda_emulation::this_thread().block; }
  [[nodiscard]] uint3 thread_index() const { return cuda_emulation::this_thread().index; }
};

inline thread_block this_thread_block() {
  return {};
}

/// `Lanes` neighbours of a warp: 1, 2, 4 … 32.
template <unsigned Lanes>
class thread_block_tile {
  static_assert(Lanes > 0 && Lanes <= 32 && (Lanes & (Lanes - 1)) == 0);

 public:
  [[nodiscard]] unsigned thread_rank() const { return cuda_emulation::this_thread().lane % Lanes; }
  [[nodiscard]] static constexpr unsigned num_threads() { return Lanes; }
  [[nodiscard]] static constexpr unsigned size() { return Lanes; }
  [[nodiscard]] unsigned meta_group_rank() const { return cuda_emulation::this_thread().rank / Lanes; }
  [[nodiscard]] unsigned meta_group_size() const { return (thread_block().size() + Lanes - 1) / Lanes; }
  void sync(const Place& where = Place::current()) const { cuda_emulation::warp_barrier(mask(), where); }

  template <class T>
  T shfl(T value, int source, const Place& where = Place::current()) const {
    return shuffles(where).from(value, source);
  }
  template <class T>
  T shfl_up(T value, unsigned delta, const Place& where = Place::current()) const {
    return shuffles(where).up(value, delta);
  }
  template <class T>
  T shfl_down(T value, unsigned delta, const Place& where = Place::current()) const {
    return shuffles(where).down(value, delta);
  }
  template <class T>
  T shfl_xor(T value, int bits, const Place& where = Place::current()) const {
    return shuffles(where).exclusive_or(value, bits);
  }
  [[nodiscard]] unsigned ballot(int predicate, const Place& where = Place::current()) const {
    return cuda_emulation::ballot(mask(), predicate != 0, false, where) >> first();
  }
  [[nodiscard]] int any(int predicate, const Place& where = Place::current()) const {
    return ballot(predicate, where) != 0 ? 1 : 0;
  }
  [[nodiscard]] int all(int predicate, const Place& where = Place::current()) const {
    return ballot(predicate, where) == mask() >> first() ? 1 : 0;
  }

 private:
  [[nodiscard]] unsigned first() const { return cuda_emulation::this_thread().lane / Lanes * Lanes; }
  [[nodiscard]] unsigned mask() const { return (0xFFFFFFFFU >> (32 - Lanes)) << first(); }
  [[nodiscard]] cuda_emulation::Shuffles shuffles(const Place& where) const { return {mask(), Lanes, false, where}; }
};

template <unsigned Lanes>
thread_block_tile<Lanes> tiled_partition(const thread_block& /*block*/) {
  return {};
}

/// Blocks that see each other's shared memory; along x only.
class cluster_group {
 public:
  void sync(const Place& where = Place::current()) const { cuda_emulation::cluster_barrier(where); }
  [[nodiscard]] unsigned block_rank() const {
    return cuda_emulation::this_thread().block.x % cuda_emulation::this_thread().cluster_size.x;
  }
  [[nodiscard]] unsigned num_blocks() const { return cuda_emulation::this_thread().cluster_size.x; }
  [[nodiscard]] unsigned thread_rank() const { return block_rank() * thread_block().size() + thread_block().thread_rank(); }
  [[nodiscard]] unsigned num_threads() const { return num_blocks() * thread_block().size(); }
  /// Where block `rank` has what this block has at `address`. That block must not exit before it was read: sync() first.
  template <class T>
  T* map_shared_rank(T* address, int rank, const Place& where = Place::current()) const {
    return static_cast<T*>(cuda_emulation::map_shared(address, static_cast<unsigned>(rank), where));
  }
};

inline cluster_group this_cluster() {
  return {};
}

class grid_group {
 public:
  void sync(const Place& where = Place::current()) const { cuda_emulation::grid_barrier(where); }
  [[nodiscard]] unsigned long long num_blocks() const {
    const dim3& size = cuda_emulation::this_thread().grid_size;
    return 1ULL * size.x * size.y * size.z;
  }
  [[nodiscard]] unsigned long long block_rank() const {
    const dim3& size = cuda_emulation::this_thread().grid_size;
    const uint3& block = cuda_emulation::this_thread().block;
    return (1ULL * block.z * size.y + block.y) * size.x + block.x;
  }
  [[nodiscard]] unsigned long long num_threads() const { return num_blocks() * thread_block().size(); }
  [[nodiscard]] unsigned long long size() const { return num_threads(); }
  [[nodiscard]] unsigned long long thread_rank() const {
    return block_rank() * thread_block().size() + thread_block().thread_rank();
  }
};

inline grid_group this_grid() {
  return {};
}

}  // namespace cooperative_groups
