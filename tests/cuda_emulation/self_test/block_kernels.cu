#include "device.cuh"
#include "kernels.hpp"

namespace gradus::self_test {

using namespace kernels;

namespace {

constexpr int kTile = 32;
constexpr int kTileRows = 8;  // threads along y; each takes every 8th row

__global__ void transpose_kernel(const float* in, float* out, int rows, int columns, TransposeBugs bugs) {
  GRADUS_SHARED(float, tile, [kTile][kTile + 1]);
  const int thread_x = static_cast<int>(threadIdx.x);
  const int thread_y = static_cast<int>(threadIdx.y);
  const int first_row = static_cast<int>(blockIdx.y) * kTile;
  const int first_column = static_cast<int>(blockIdx.x) * kTile;

  for (int y = thread_y; y < kTile; y += kTileRows)
    if (first_row + y < rows && first_column + thread_x < columns)
      tile[bugs.row_beyond_tile && y == kTile - 1 ? kTile : y][thread_x] =
          in[(first_row + y) * columns + first_column + thread_x];
  if (!bugs.no_barrier) __syncthreads();

  for (int y = thread_y; y < kTile; y += kTileRows) {
    const int out_row = first_column + y;
    const int out_column = first_row + thread_x;
    if (out_row < columns && out_column < rows)
      out[bugs.not_transposed ? out_column * columns + out_row : out_row * rows + out_column] = tile[thread_x][y];
  }
}

__global__ void column_sums_kernel(const float* in, float* sums, int rows, int columns, ColumnSumBugs bugs) {
  GRADUS_DYNAMIC_SHARED(float, partial);  // (kTileRows, kTile)
  const int thread_x = static_cast<int>(threadIdx.x);
  const int thread_y = static_cast<int>(threadIdx.y);
  const int column = static_cast<int>(blockIdx.x) * kTile + thread_x;
  if (bugs.early_return && column >= columns) return;

  float total = 0.0F;
  for (int first = 0; first < rows; first += 4 * kTileRows) {
    float sum = 0.0F;
    for (int row = first + thread_y; row < min(rows, first + 4 * kTileRows); row += kTileRows)
      if (column < columns) sum += in[row * columns + column];
    partial[thread_y * kTile + thread_x] = sum;
    if (bugs.divergent_barrier && thread_y == 0) {
      __syncthreads();
    } else {
      __syncthreads();
    }
    if (thread_y == 0)
      for (int y = 0; y < kTileRows; ++y) total += partial[y * kTile + thread_x];
    if (!bugs.no_second_barrier) __syncthreads();
  }
  if (thread_y == 0 && column < columns) sums[column] = total;
}

__device__ float warp_sum(float value, unsigned mask) {
  for (int bits = 16; bits > 0; bits /= 2) value += __shfl_xor_sync(mask, value, bits);
  return value;
}

__global__ void total_kernel(const float* in, float* total, int count, TotalBugs bugs) {
  GRADUS_SHARED(float, warp_sums, [kWarp]);
  const unsigned lane = threadIdx.x % kWarp;
  const unsigned warps = blockDim.x / kWarp;
  const int index = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);

  float sum = index < count ? in[index] : 0.0F;
  if (bugs.divergent_shuffle || bugs.partial_mask) {
    const unsigned mask = bugs.partial_mask ? __ballot_sync(kFullMask, index < count) : kFullMask;
    if (index < count) sum = warp_sum(sum, mask);
  } else {
    sum = warp_sum(sum, kFullMask);
  }
  if (lane == 0) warp_sums[threadIdx.x / kWarp] = sum;
  __syncthreads();
  sum = warp_sum(lane < warps || bugs.uninitialized_shared ? warp_sums[lane] : 0.0F, kFullMask);
  if (threadIdx.x != 0) return;
  if (bugs.plain_addition) {
    *total += sum;
  } else {
    atomicAdd(total, sum);
  }
}

unsigned blocks_for(int count, int each) {
  return static_cast<unsigned>((count + each - 1) / each);
}

}  // namespace

void launch_transpose(const float* in, float* out, int rows, int columns, TransposeBugs bugs, cudaStream_t stream) {
  launch(
      transpose_kernel,
      {.grid = dim3(blocks_for(columns, kTile), blocks_for(rows, kTile)), .block = dim3(kTile, kTileRows), .stream = stream},
      in, out, rows, columns, bugs);
}

void launch_column_sums(const float* in, float* sums, int rows, int columns, ColumnSumBugs bugs, cudaStream_t stream) {
  const int shared_rows = bugs.too_little_shared ? kTileRows - 1 : kTileRows;
  launch(column_sums_kernel,
         {.grid = blocks_for(columns, kTile),
          .block = dim3(kTile, kTileRows),
          .shared_bytes = sizeof(float) * static_cast<std::size_t>(shared_rows * kTile),
          .stream = stream},
         in, sums, rows, columns, bugs);
}

void launch_total(const float* in, float* total, int count, TotalBugs bugs, cudaStream_t stream) {
  launch(total_kernel, {.grid = blocks_for(count, 128), .block = 128, .stream = stream}, in, total, count, bugs);
}

}  // namespace gradus::self_test
