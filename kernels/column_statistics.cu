// Statistics of columns, once for a whole dataset. Moves what the values take, 1 or 4 bytes each, the least there is; 4
// bytes per row for its number, once for every tile of columns; and per column 80 · (blocks that share it) for their parts.
//
// Not Thrust's reduce_by_key: it adds up in an order that depends on the GPU and may differ from run to run, and so would
// the last bits of its sums.

#include <algorithm>

#include "device.cuh"
#include "launchers/samples.hpp"
#include "reduction.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

using internal::ColumnStatistics;

/// Loads that a thread has under way at once: each waits for the row's number, and then for the value.
constexpr unsigned kRowsAtOnce = 4;

/// Rows that a thread should at least take before more blocks share the work.
constexpr std::size_t kRowsWorthABlock = 8 * kRowsAtOnce;

/// Columns of one block at most.
constexpr std::size_t kTile = 64;

/// How the work is shared out among blocks.
struct Shares {
  std::size_t tile;        // columns of a block
  std::size_t tiles;       // that make up a row
  std::size_t parts;       // blocks that share a tile, at least 1
  std::size_t block_rows;  // of each part but the last
};

Shares shares_of(std::size_t columns, std::size_t count, const GridLimits& limits) {
  Shares shares{};
  shares.tile = std::min({columns, kTile, std::size_t{limits.block}});
  shares.tiles = divide_up(columns, shares.tile);
  const std::size_t useful = divide_up(count, kRowsWorthABlock * (limits.block / shares.tile));
  const std::size_t parts = std::clamp<std::size_t>(limits.blocks / shares.tiles, 1, std::max<std::size_t>(useful, 1));
  shares.block_rows = std::max<std::size_t>(divide_up(count, parts), 1);
  shares.parts = std::max<std::size_t>(divide_up(count, shares.block_rows), 1);
  return shares;
}

/// Comparisons rather than fmin and fmax, so that the CPU's std::min and std::max give the same.
__device__ void add_value(ColumnStatistics& statistics, double value) {
  const double difference = value - statistics.first;
  statistics.sum += difference;
  // A fused multiply-add by name, not by the compiler's choice, so that the bits are the same everywhere.
  statistics.squares = fma(difference, difference, statistics.squares);
  statistics.least = value < statistics.least ? value : statistics.least;
  statistics.greatest = value > statistics.greatest ? value : statistics.greatest;
}

/// Both are of the same column, with the same first value.
struct Joined {
  __device__ ColumnStatistics operator()(ColumnStatistics statistics, const ColumnStatistics& other) const {
    statistics.sum += other.sum;
    statistics.squares += other.squares;
    statistics.least = other.least < statistics.least ? other.least : statistics.least;
    statistics.greatest = other.greatest > statistics.greatest ? other.greatest : statistics.greatest;
    return statistics;
  }
};

/// Block (x, y) takes `tile` columns (fewer at the right edge) of `block_rows` of the named rows (fewer at the bottom). Its
/// threads form `groups` rows of the tile's width, so that accesses are coalesced however few the columns are.
template <class Value>
__global__ void column_parts_kernel(const Value* __restrict__ values,  // (samples, columns)
                                    std::size_t columns,
                                    const std::uint32_t* __restrict__ rows,  // (count); null: 0 … count−1
                                    std::size_t count, unsigned tile, std::size_t block_rows,
                                    ColumnStatistics* __restrict__ parts) {  // (gridDim.y, columns)
  GRADUS_DYNAMIC_SHARED(ColumnStatistics, shared);                           // (threads)
  const std::size_t first_column = std::size_t{blockIdx.x} * tile;
  const std::size_t first_row = std::size_t{blockIdx.y} * block_rows;
  const std::size_t end_row = min(first_row + block_rows, count);
  const auto width = static_cast<unsigned>(min(columns - first_column, std::size_t{tile}));
  const unsigned groups = blockDim.x / width;
  const unsigned group = threadIdx.x / width;
  const unsigned column = threadIdx.x % width;
  const Value* const mine = values + first_column + column;
  const auto value_at = [&](std::size_t row) { return mine[(rows == nullptr ? row : rows[row]) * columns]; };

  ColumnStatistics statistics;
  if (count > 0) statistics.first = static_cast<double>(value_at(0));
  // Threads that are left over read nothing.
  for (std::size_t row = first_row + group; row < end_row && group < groups; row += kRowsAtOnce * std::size_t{groups}) {
    Value read[kRowsAtOnce] = {};
    for (unsigned k = 0; k < kRowsAtOnce; ++k) {
      const std::size_t this_row = row + k * std::size_t{groups};
      if (this_row < end_row) read[k] = value_at(this_row);
    }
    for (unsigned k = 0; k < kRowsAtOnce; ++k)
      if (row + k * std::size_t{groups} < end_row) add_value(statistics, static_cast<double>(read[k]));
  }
  statistics = combine_groups(statistics, width, groups, shared, Joined());
  if (group == 0) parts[blockIdx.y * columns + first_column + column] = statistics;
}

/// Thread j joins the parts of column j, from the first to the last.
__global__ void join_parts_kernel(const ColumnStatistics* __restrict__ parts,  // (count, columns)
                                  std::size_t count, std::size_t columns,
                                  ColumnStatistics* __restrict__ out) {  // (columns)
  const unsigned stride = grid_stride<1>();
  for (std::size_t column = first_float<1>(); column < columns; column += stride) {
    ColumnStatistics statistics = parts[column];
    for (std::size_t part = 1; part < count; ++part) statistics = Joined()(statistics, parts[part * columns + column]);
    out[column] = statistics;
  }
}

}  // namespace

std::size_t column_statistics_parts(std::size_t columns, std::size_t count, GridLimits summing) {
  check_limits(summing, kSummingGrid.blocks, "column_statistics_parts: limits");
  return columns == 0 ? 0 : shares_of(columns, count, summing).parts;
}

void launch_column_statistics(const MeasuredColumns& matrix, const On& on) {
  check_limits(on.summing, kSummingGrid.blocks, "launch_column_statistics: limits");
  check(matrix.columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_column_statistics: columns");
  if (matrix.columns == 0) return;
  const bool has_one = (matrix.bytes == nullptr) != (matrix.floats == nullptr);
  check(has_one || matrix.count == 0 ? cudaSuccess : cudaErrorInvalidValue, "launch_column_statistics: bytes and floats");
  const Shares shares = shares_of(matrix.columns, matrix.count, on.summing);
  const Launch how{.grid = dim3(static_cast<unsigned>(shares.tiles), static_cast<unsigned>(shares.parts)),
                   .block = on.summing.block,
                   .shared_bytes = on.summing.block * sizeof(ColumnStatistics),
                   .stream = on.stream};
  const auto tile = static_cast<unsigned>(shares.tile);
  if (matrix.bytes != nullptr)
    launch(column_parts_kernel<std::uint8_t>, how, matrix.bytes, matrix.columns, matrix.rows, matrix.count, tile,
           shares.block_rows, matrix.parts);
  else
    launch(column_parts_kernel<float>, how, matrix.floats, matrix.columns, matrix.rows, matrix.count, tile,
           shares.block_rows, matrix.parts);
  const unsigned grid = streaming_blocks(matrix.columns, 1, on.summing);
  launch(join_parts_kernel, {.grid = grid, .block = on.summing.block, .stream = on.stream}, matrix.parts, shares.parts,
         matrix.columns, matrix.out);
}

}  // namespace gradus::kernels
