// The column sums of a matrix. Moves 4 bytes per element, the least there is, and per column at most 16 · (blocks that share
// it) more for their parts.

#include <algorithm>

#include "device.cuh"
#include "launchers.hpp"
#include "reduction.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// Loads that a thread has under way at once.
constexpr unsigned kRowsAtOnce = 8;

/// Rows that a thread should at least add before more blocks share the work.
constexpr unsigned kRowsWorthABlock = 4 * kRowsAtOnce;

/// The sum of one column over rows 0, step, 2 step … below `rows`; delta[first] is in row 0. Eight rows at a time are added
/// as floats, pair by pair.
__device__ double sum_column(const float* __restrict__ delta, std::size_t first, unsigned rows, unsigned step,
                             std::size_t columns) {
  double sum = 0.0;
  for (unsigned row = 0; row < rows; row += kRowsAtOnce * step) {
    float values[kRowsAtOnce];
    for (unsigned k = 0; k < kRowsAtOnce; ++k) {
      const unsigned this_row = row + k * step;
      values[k] = this_row < rows ? delta[first + this_row * columns] : 0.0F;
    }
    for (unsigned half = kRowsAtOnce / 2; half > 0; half /= 2)
      for (unsigned k = 0; k < half; ++k) values[k] += values[k + half];
    sum += static_cast<double>(values[0]);
  }
  return sum;
}

/// Block (x, y) sums `tile` columns (fewer at the right edge) over `block_rows` rows (fewer at the bottom). Its threads
/// stand in `groups` rows of the tile's width, so that neighbours read neighbours however few the columns are.
__global__ void column_sums_kernel(const float* __restrict__ delta,  // (rows, columns)
                                   std::size_t rows, std::size_t columns, unsigned tile, unsigned block_rows,  //
                                   Factor alpha, float beta,
                                   float* out,  // (columns)
                                   SumScratch* scratch) {
  GRADUS_DYNAMIC_SHARED(double, shared);  // (threads)
  const std::size_t first_column = std::size_t{blockIdx.x} * tile;
  const std::size_t first_row = std::size_t{blockIdx.y} * block_rows;
  const auto width = static_cast<unsigned>(min(columns - first_column, std::size_t{tile}));
  const auto height = static_cast<unsigned>(min(rows - first_row, std::size_t{block_rows}));
  const unsigned groups = blockDim.x / width;
  const unsigned group = threadIdx.x / width;
  const unsigned column = threadIdx.x % width;

  // Threads that are left over, and groups below the last row, read nothing.
  const unsigned my_rows = group < groups && group < height ? height - group : 0;
  const std::size_t my_first = (first_row + group) * columns + first_column + column;
  double sum = sum_column(delta, my_first, my_rows, groups, columns);
  sum = sum_over_groups(sum, width, groups, shared);

  bool is_mine = true;
  if (gridDim.y > 1) {
    double* const parts = scratch->parts + std::size_t{blockIdx.x} * gridDim.y * tile;  // (gridDim.y, tile)
    if (group == 0) parts[blockIdx.y * tile + column] = sum;
    is_mine = is_last_block(&scratch->tickets[blockIdx.x], gridDim.y);
    if (is_mine) {
      sum = 0.0;
      for (unsigned part = group; part < gridDim.y && group < groups; part += groups) sum += parts[part * tile + column];
      sum = sum_over_groups(sum, width, groups, shared);
    }
  }
  if (is_mine && group == 0) {
    float* const mine = out + first_column + column;
    const auto factor = static_cast<double>(alpha.on_device == nullptr ? alpha.value : *alpha.on_device);
    const double before = beta == 0.0F ? 0.0 : static_cast<double>(beta) * static_cast<double>(*mine);
    *mine = static_cast<float>(before + factor * sum);
  }
}

}  // namespace

void launch_column_sums(const float* delta, std::size_t rows, std::size_t columns, Factor alpha, float beta, float* out,
                        SumScratch* scratch, cudaStream_t stream, GridLimits limits) {
  check_limits(limits, kSummingGrid.blocks, "launch_column_sums: limits");
  check(columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_column_sums: columns");
  if (columns == 0) return;
  const std::size_t tile = std::min({columns, SumScratch::kColumns, std::size_t{limits.block}});
  const std::size_t tiles = divide_up(columns, tile);
  // Rows are shared out among blocks when columns alone make too few of them, and each thread still has some rows to add.
  const std::size_t useful = divide_up(rows, kRowsWorthABlock * (limits.block / tile));
  const std::size_t parts = std::clamp<std::size_t>(limits.blocks / tiles, 1, std::max<std::size_t>(useful, 1));
  const std::size_t block_rows = std::max<std::size_t>(divide_up(rows, parts), 1);
  check(block_rows <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_column_sums: rows");
  const dim3 grid(static_cast<unsigned>(tiles),
                  static_cast<unsigned>(std::max<std::size_t>(divide_up(rows, block_rows), 1)));
  launch(column_sums_kernel,
         {.grid = grid, .block = limits.block, .shared_bytes = limits.block * sizeof(double), .stream = stream}, delta, rows,
         columns, static_cast<unsigned>(tile), static_cast<unsigned>(block_rows), alpha, beta, out, scratch);
}

}  // namespace gradus::kernels
