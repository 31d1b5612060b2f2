// Collectives of warps.

#include <bit>
#include <cstdio>
#include <cstring>
#include <string>

#include "cuda_emulation/grid.hpp"
#include "cuda_emulation/sanitizers.hpp"

namespace cuda_emulation {

namespace {

std::string hexadecimal(unsigned mask) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", mask);
  return text;
}

/// The barrier of a mask in the warp of the running thread, which is now among those that came.
WarpBarrier& come(unsigned mask, WarpOperation operation, const Place& where) {
  Fibre& fibre = running_fibre("a warp collective", where);
  Warp& warp = fibre.home->warps[fibre.warp];
  const unsigned self = 1U << fibre.lane;
  if ((mask & self) == 0)
    fail(to_string(where) + ": lane " + std::to_string(fibre.lane) + " is not in the mask " + hexadecimal(mask) +
         " of its own collective");
  if (operation != WarpOperation::barrier && (mask & ~warp.alive) != 0)
    fail(to_string(where) + ": the mask " + hexadecimal(mask) + " names lanes that have exited or do not exist; there are " +
         hexadecimal(warp.alive));

  const Unseen unseen;
  WarpBarrier* found = nullptr;
  for (WarpBarrier& each : warp.barriers) {
    if (each.mask == mask) {
      found = &each;
    } else if ((each.arrived & mask) != 0) {
      fail(to_string(where) + ": a collective of the mask " + hexadecimal(mask) + " while lanes wait in one of the mask " +
           hexadecimal(each.mask) + " at " + to_string(each.where));
    }
  }
  if (found == nullptr) {
    found = &warp.barriers.emplace_back();
    found->mask = mask;
  }
  if (found->arrived != 0 && (found->operation != operation || found->where.line() != where.line() ||
                              std::strcmp(found->where.file_name(), where.file_name()) != 0))
    fail(to_string(where) + ": divergent warp collective: other lanes wait at " + to_string(found->where));
  found->operation = operation;
  found->arrived |= self;
  return *found;
}

}  // namespace

void warp_barrier(unsigned mask, const Place& where) {
  WarpBarrier& barrier = come(mask, WarpOperation::barrier, where);
  const Fibre& fibre = running_fibre("a warp collective");
  const unsigned expected = mask & fibre.home->warps[fibre.warp].alive;
  if (barrier.arrived == expected) barrier.arrived = 0;
  Grid::running().arrive(barrier, static_cast<unsigned>(std::popcount(expected)), true, where);
}

const LaneValue* exchange_in_warp(unsigned mask, WarpOperation operation, const void* value, std::size_t bytes,
                                  bool full_only, const Place& where) {
  if (full_only && mask != 0xFFFFFFFFU)
    fail(to_string(where) + ": partial mask " + hexadecimal(mask) +
         ": all lanes of a warp must take part, with the full mask (or use a tile of cooperative groups)");
  WarpBarrier& barrier = come(mask, operation, where);
  auto& values = barrier.values[barrier.phase % 2];
  {
    const Unseen unseen;
    std::memcpy(values[running_fibre("a warp collective").lane], value, bytes);
  }
  if (barrier.arrived == mask) barrier.arrived = 0;
  Grid::running().arrive(barrier, static_cast<unsigned>(std::popcount(mask)), false, where);
  return values.data();
}

void read_lane_value(void* to, const void* from, std::size_t bytes) {
  const Unseen unseen;
  std::memcpy(to, from, bytes);
}

}  // namespace cuda_emulation
