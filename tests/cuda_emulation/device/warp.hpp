#pragma once

// Shuffles and votes. A warp's lanes must all take part, with the full mask; groups of fewer are tiles of cooperative
// groups.

#include <cstdint>
#include <type_traits>

#include "cuda_emulation/collectives.hpp"
#include "cuda_emulation/thread.hpp"

namespace cuda_emulation {

template <class T>
T lane_value(const LaneValue* values, unsigned lane) {
  T value;
  read_lane_value(&value, values[lane], sizeof(T));
  return value;
}

/// What lane `source` brought, or one's own when `source` is outside of the segment of `width` lanes (width: 1, 2, 4 … 32).
template <class T>
T shuffle(unsigned mask, WarpOperation operation, T value, unsigned source, bool is_inside, bool full_only,
          const Place& where) {
  static_assert(std::is_trivially_copyable_v<T> && (sizeof(T) == 4 || sizeof(T) == 8), "shuffles take 4 or 8 bytes");
  const LaneValue* const values = exchange_in_warp(mask, operation, &value, sizeof(T), full_only, where);
  if (!is_inside) return value;
  if ((mask >> source & 1U) == 0)
    fail(to_string(where) + ": shuffle from lane " + std::to_string(source) + ", which does not take part");
  return lane_value<T>(values, source);
}

/// The four shuffles, on segments of `width` lanes that begin at multiples of it.
struct Shuffles {
  unsigned mask;
  unsigned width;
  bool full_only;
  const Place& where;
  unsigned lane = this_thread().lane;
  unsigned first = lane & ~(width - 1);

  template <class T>
  T from(T value, int source) const {
    return shuffle(mask, WarpOperation::shuffle, value, first + (static_cast<unsigned>(source) & (width - 1)), true,
                   full_only, where);
  }
  template <class T>
  T up(T value, unsigned delta) const {
    return shuffle(mask, WarpOperation::shuffle_up, value, lane - delta, lane - first >= delta, full_only, where);
  }
  template <class T>
  T down(T value, unsigned delta) const {
    return shuffle(mask, WarpOperation::shuffle_down, value, lane + delta, lane - first + delta < width, full_only, where);
  }
  /// A lane of a later segment cannot be read, one of an earlier segment can.
  template <class T>
  T exclusive_or(T value, int bits) const {
    const unsigned source = lane ^ static_cast<unsigned>(bits);
    return shuffle(mask, WarpOperation::shuffle_xor, value, source, source < first + width, full_only, where);
  }
};

inline unsigned ballot(unsigned mask, bool predicate, bool full_only, const Place& where) {
  const std::uint32_t vote = predicate ? 1 : 0;
  const LaneValue* const votes = exchange_in_warp(mask, WarpOperation::vote, &vote, sizeof vote, full_only, where);
  unsigned result = 0;
  for (unsigned lane = 0; lane < 32; ++lane)
    if ((mask >> lane & 1U) != 0) result |= lane_value<std::uint32_t>(votes, lane) << lane;
  return result;
}

}  // namespace cuda_emulation

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32,
              const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  return cuda_emulation::Shuffles{mask, static_cast<unsigned>(width), true, where}.from(value, source);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32,
                 const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  return cuda_emulation::Shuffles{mask, static_cast<unsigned>(width), true, where}.up(value, delta);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                   const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  return cuda_emulation::Shuffles{mask, static_cast<unsigned>(width), true, where}.down(value, delta);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32,
                  const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  return cuda_emulation::Shuffles{mask, static_cast<unsigned>(width), true, where}.exclusive_or(value, bits);
}

inline unsigned __ballot_sync(unsigned mask, int predicate,
                              const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  return cuda_emulation::ballot(mask, predicate != 0, true, where);
}
inline int __any_sync(unsigned mask, int predicate, const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  return cuda_emulation::ballot(mask, predicate != 0, true, where) != 0 ? 1 : 0;
}
inline int __all_sync(unsigned mask, int predicate, const cuda_emulation::Place& where = cuda_emulation::Place::current()) {
  return cuda_emulation::ballot(mask, predicate != 0, true, where) == mask ? 1 : 0;
}
