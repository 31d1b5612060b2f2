// The order of an epoch: indices sorted by one random word each, and then the rows that they mean. The first kernel
// moves 8 bytes per row, the entries that it writes. The sort reads and writes them once for each of their eight digits, and
// reads them once before: 136 bytes per row, nearly all there is. The last kernel moves 12 bytes per row, and with `rows`
// the 4 that it fetches from anywhere, of which a cache holds all when there are a few million.
//
// Thrust may sort in whatever way it likes: entries are whole numbers, and no two are equal.

// First, since it chooses where Thrust runs.
#include "thrust.cuh"
// Then the algorithm.
#include <thrust/sort.h>

#include "device.cuh"
#include "launchers/samples.hpp"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// Entries of one thread: a block of random words.
constexpr unsigned kWords = 4;

/// Two entries that travel in one access to memory.
struct alignas(16) Pair {
  std::uint64_t at[2];
};

/// entries[i] = (word i of the sequence) · 2^32 + i.
__global__ void fill_entries_kernel(internal::RandomSequence sequence, std::uint64_t* __restrict__ entries,  // (count)
                                    std::size_t count, bool in_pairs) {
  const unsigned stride = grid_stride<kWords>();
  for (std::size_t i = first_float<kWords>(); i < count; i += stride) {
    const internal::RandomWords words = sequence.block(i / kWords);
    std::uint64_t mine[kWords];
    for (unsigned k = 0; k < kWords; ++k) mine[k] = (std::uint64_t{words[k]} << 32) | (i + k);
    if (in_pairs && i + kWords <= count) {
      for (unsigned k = 0; k < kWords; k += 2) *reinterpret_cast<Pair*>(entries + i + k) = {{mine[k], mine[k + 1]}};
    } else {
      for (unsigned k = 0; k < kWords; ++k)
        if (i + k < count) entries[i + k] = mine[k];
    }
  }
}

/// order[i] = rows[p], where p is the lower half of entry i; p itself without `rows`.
__global__ void take_rows_kernel(const std::uint64_t* __restrict__ entries,  // (count)
                                 const std::uint32_t* __restrict__ rows,     // (count)
                                 std::uint32_t* __restrict__ order,          // (count)
                                 std::size_t count) {
  const unsigned stride = grid_stride<1>();
  for (std::size_t i = first_float<1>(); i < count; i += stride) {
    const auto index = static_cast<std::uint32_t>(entries[i]);
    order[i] = rows == nullptr ? index : rows[index];
  }
}

}  // namespace

void launch_shuffle_rows(const ShuffledRows& rows, const On& on) {
  check_limits(on.streaming, kStreamingGrid.blocks, "launch_shuffle_rows: limits");
  check(rows.count <= std::size_t{1} << 32 ? cudaSuccess : cudaErrorInvalidValue, "launch_shuffle_rows: count");
  if (rows.count == 0) return;
  const auto over = [&](unsigned width) {
    return Launch{
        .grid = streaming_blocks(rows.count, width, on.streaming), .block = on.streaming.block, .stream = on.stream};
  };
  std::uint64_t* const entries = rows.scratch;
  std::uint64_t* const end = entries + rows.count;
  const bool in_pairs = reinterpret_cast<std::uintptr_t>(entries) % sizeof(Pair) == 0;
  launch(fill_entries_kernel, over(kWords), rows.sequence, entries, rows.count, in_pairs);
  in_stream(on.stream, [=](const auto& policy) { thrust::sort(policy, entries, end); });
  launch(take_rows_kernel, over(1), entries, rows.rows, rows.order, rows.count);
}

}  // namespace gradus::kernels
