#pragma once

// Sums over the columns of a matrix, made while its elements stream by. Block (x, y) of a grid has a tile of columns (fewer
// at the right edge) and some rows (fewer at the bottom). Its threads form `groups` rows of the tile's width, so that
// accesses are coalesced however few the columns are.

#include <algorithm>

#include "device.cuh"
#include "launchers/error_terms.hpp"
#include "reduction.cuh"
#include "streaming.cuh"

namespace gradus::kernels {

/// Rows of a thread that are under way at once, and added as floats, pair by pair.
inline constexpr unsigned kRowsAtOnce = 8;

/// The most threads of a block: each has many numbers under way, and the registers of a multiprocessor are shared out among
/// its threads.
inline constexpr unsigned kMostTileThreads = 256;

/// How a matrix is cut.
struct ColumnTiles {
  dim3 grid;
  unsigned tile = 0;        // columns of a block
  unsigned block_rows = 0;  // rows of a block
};

/// The tiles follow from the shape and the limits alone, since they decide the order of sums.
inline ColumnTiles column_tiles(std::size_t rows, std::size_t columns, const GridLimits& limits, const char* launcher) {
  check_limits(limits, kSummingGrid.blocks, launcher, kMostTileThreads);
  check(columns > 0 && columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, launcher);
  // Rows that a thread should at least add before more blocks share the work.
  constexpr std::size_t kRowsWorthABlock = std::size_t{2} * kRowsAtOnce;
  const std::size_t tile = std::min({columns, SumScratch::kColumns, std::size_t{limits.block}});
  const std::size_t tiles = divide_up(columns, tile);
  // Rows are shared out among blocks when columns alone make too few of them, and each thread still has some rows to add.
  const std::size_t useful = divide_up(rows, kRowsWorthABlock * (limits.block / tile));
  const std::size_t parts = std::clamp<std::size_t>(limits.blocks / tiles, 1, std::max<std::size_t>(useful, 1));
  const std::size_t block_rows = std::max<std::size_t>(divide_up(rows, parts), 1);
  check(block_rows <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, launcher);
  ColumnTiles tiling;
  tiling.grid =
      dim3(static_cast<unsigned>(tiles), static_cast<unsigned>(std::max<std::size_t>(divide_up(rows, block_rows), 1)));
  tiling.tile = static_cast<unsigned>(tile);
  tiling.block_rows = static_cast<unsigned>(block_rows);
  return tiling;
}

/// What a thread has of its block's tile: one column, of rows 0, step, 2 step … below `rows`.
struct TilePart {
  std::size_t columns;       // of the matrix
  std::size_t first_column;  // of the tile
  std::size_t first;         // the index of the first element
  unsigned rows;             // 0 for a thread that is left over
  unsigned step;
  unsigned width;
  unsigned groups;
  unsigned group;
  unsigned column;  // in the tile

  __device__ TilePart(std::size_t all_rows, std::size_t all_columns, unsigned tile, unsigned block_rows) {
    columns = all_columns;
    first_column = std::size_t{blockIdx.x} * tile;
    const std::size_t first_row = std::size_t{blockIdx.y} * block_rows;
    width = static_cast<unsigned>(min(columns - first_column, std::size_t{tile}));
    const auto height = static_cast<unsigned>(min(all_rows - first_row, std::size_t{block_rows}));
    groups = blockDim.x / width;
    group = threadIdx.x / width;
    column = threadIdx.x % width;
    step = groups;
    rows = group < groups && group < height ? height - group : 0;
    first = (first_row + group) * columns + first_column + column;
  }
};

/// The sum of the thread's column over its rows. `terms.read(i)` fetches what element i needs, and `terms.finish(i, read)`
/// makes the element of it; `terms.end_round()` comes after the elements that were under way at once.
template <class Terms>
__device__ double sum_column(const TilePart& part, Terms& terms) {
  double sum = 0.0;
  for (unsigned row = 0; row < part.rows; row += kRowsAtOnce * part.step) {
    typename Terms::Read reads[kRowsAtOnce];
    float values[kRowsAtOnce];
    for (unsigned k = 0; k < kRowsAtOnce; ++k) {
      const unsigned this_row = row + k * part.step;
      if (this_row < part.rows) reads[k] = terms.read(part.first + this_row * part.columns);
    }
    for (unsigned k = 0; k < kRowsAtOnce; ++k) {
      const unsigned this_row = row + k * part.step;
      values[k] = this_row < part.rows ? terms.finish(part.first + this_row * part.columns, reads[k], k) : 0.0F;
    }
    terms.end_round();
    for (unsigned half = kRowsAtOnce / 2; half > 0; half /= 2)
      for (unsigned k = 0; k < half; ++k) values[k] += values[k + half];
    sum += static_cast<double>(values[0]);
  }
  return sum;
}

/// out = beta · out + alpha · (the sums over all rows), by the last block of each tile. `sum` is the thread's own; `shared`:
/// a double for each thread.
__device__ inline void finish_column_sums(double sum, const TilePart& part, unsigned tile, const ColumnSums& sums,
                                          double* shared, SumScratch* scratch) {
  sum = sum_over_groups(sum, part.width, part.groups, shared);
  bool is_mine = true;
  if (gridDim.y > 1) {
    double* const parts = scratch->parts + std::size_t{blockIdx.x} * gridDim.y * tile;  // (gridDim.y, tile)
    if (part.group == 0) parts[blockIdx.y * tile + part.column] = sum;
    is_mine = is_last_block(&scratch->tickets[blockIdx.x], gridDim.y);
    if (is_mine) {
      sum = 0.0;
      for (unsigned y = part.group; y < gridDim.y && part.group < part.groups; y += part.groups)
        sum += parts[y * tile + part.column];
      sum = sum_over_groups(sum, part.width, part.groups, shared);
    }
  }
  if (is_mine && part.group == 0) {
    float* const mine = sums.out + part.first_column + part.column;
    const auto factor = static_cast<double>(sums.alpha.on_device == nullptr ? sums.alpha.value : *sums.alpha.on_device);
    const double before = sums.beta == 0.0F ? 0.0 : static_cast<double>(sums.beta) * static_cast<double>(*mine);
    *mine = static_cast<float>(fma(factor, sum, before));  // by name, so that the bits are the same everywhere
  }
}

}  // namespace gradus::kernels
