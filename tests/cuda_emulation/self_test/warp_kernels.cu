#include "device.cuh"
#include "kernels.hpp"

namespace gradus::self_test {

using namespace kernels;
namespace groups = cooperative_groups;

namespace {

__global__ void reverse_kernel(float* values, int count, ReverseBugs bugs) {
  GRADUS_SHARED(float, shared, [2 * kWarp]);
  const int index = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  const unsigned lane = threadIdx.x % kWarp;
  shared[threadIdx.x] = index < count ? values[index] : 0.0F;
  if (!bugs.no_warp_barrier) __syncwarp();
  if (index < count) values[index] = shared[threadIdx.x - lane + (kWarp - 1 - lane)];
}

__global__ void warp_collectives_kernel(unsigned* results) {
  const unsigned thread = threadIdx.x;
  const unsigned value = 100 + thread;
  int row = 0;
  const auto put = [&](unsigned result) { results[static_cast<unsigned>(row++) * blockDim.x + thread] = result; };
  put(__shfl_sync(kFullMask, value, 5));
  put(__shfl_sync(kFullMask, value, 37));                               // 37 mod 32
  put(__shfl_sync(kFullMask, value, static_cast<int>(thread) + 1, 8));  // within 8 neighbours
  put(__shfl_up_sync(kFullMask, value, 3));
  put(__shfl_up_sync(kFullMask, value, 3, 16));
  put(__shfl_down_sync(kFullMask, value, 3));
  put(__shfl_down_sync(kFullMask, value, 3, 4));
  put(__shfl_xor_sync(kFullMask, value, 21));
  put(__shfl_xor_sync(kFullMask, value, 8, 8));  // to another segment: an earlier one can be read, a later one cannot
  put(__ballot_sync(kFullMask, thread % 3 == 0));
  put(static_cast<unsigned>(__any_sync(kFullMask, thread == 40) != 0));
  put(static_cast<unsigned>(__all_sync(kFullMask, thread < 32) != 0));

  const auto tile = groups::tiled_partition<8>(groups::this_thread_block());
  put(tile.shfl_down(value, 2));
  put(tile.ballot(thread % 5 == 0));
  put(tile.meta_group_rank() * 1000 + tile.thread_rank());
  put(static_cast<unsigned>(__syncthreads_count(thread % 7 == 0)));
}

// One warp for 16 rows and 8 columns of C. g and t are the PTX manual's groupID and threadID_in_group.

__global__ void product_tf32_kernel(const float* a, const float* b, float* c, int m, int n, int k, ProductBugs bugs) {
  const int g = static_cast<int>(threadIdx.x / 4);
  const int t = static_cast<int>(threadIdx.x % 4);
  const int row = static_cast<int>(blockIdx.y) * 16 + g;
  const int column = static_cast<int>(blockIdx.x) * 8;
  const auto element_a = [&](int i, int p) { return to_tf32(i < m && p < k ? a[i * k + p] : 0.0F); };
  const auto element_b = [&](int p, int j) { return to_tf32(p < k && j < n ? b[p * n + j] : 0.0F); };

  float sum[4] = {0.0F, 0.0F, 0.0F, 0.0F};
  for (int p = 0; p < k; p += 8) {
    const std::uint32_t fragment_a[4] = {element_a(row, p + t), element_a(row + 8, p + t), element_a(row, p + t + 4),
                                         element_a(row + 8, p + t + 4)};
    const std::uint32_t fragment_b[2] = {bugs.wrong_fragment ? element_b(p + g, column + t) : element_b(p + t, column + g),
                                         element_b(p + t + 4, column + g)};
    mma_m16n8k8_tf32(sum, fragment_a, fragment_b, sum);
  }
  for (int i = 0; i < 4; ++i) {
    const int to_row = row + (i >= 2 ? 8 : 0);
    const int to_column = column + 2 * t + i % 2;
    if (to_row < m && to_column < n) c[to_row * n + to_column] = sum[i];
  }
}

__global__ void product_bf16_kernel(const float* a, const float* b, float* c, int m, int n, int k, ProductBugs bugs) {
  const int g = static_cast<int>(threadIdx.x / 4);
  const int t = static_cast<int>(threadIdx.x % 4);
  const int row = static_cast<int>(blockIdx.y) * 16 + g;
  const int column = static_cast<int>(blockIdx.x) * 8;
  // The upper half of a float is a bf16, and the numbers here have no lower half.
  const auto pair = [](float lower, float upper) {
    return (__float_as_uint(lower) >> 16) | (__float_as_uint(upper) & 0xFFFF0000U);
  };
  const auto element_a = [&](int i, int p) { return i < m && p < k ? a[i * k + p] : 0.0F; };
  const auto element_b = [&](int p, int j) { return p < k && j < n ? b[p * n + j] : 0.0F; };
  const auto pair_a = [&](int i, int p) { return pair(element_a(i, p), element_a(i, p + 1)); };
  const auto pair_b = [&](int p, int j) {
    return bugs.wrong_fragment ? pair(element_b(p + 1, j), element_b(p, j)) : pair(element_b(p, j), element_b(p + 1, j));
  };

  float sum[4] = {0.0F, 0.0F, 0.0F, 0.0F};
  for (int p = 0; p < k; p += 16) {
    const std::uint32_t fragment_a[4] = {pair_a(row, p + 2 * t), pair_a(row + 8, p + 2 * t), pair_a(row, p + 2 * t + 8),
                                         pair_a(row + 8, p + 2 * t + 8)};
    const std::uint32_t fragment_b[2] = {pair_b(p + 2 * t, column + g), pair_b(p + 2 * t + 8, column + g)};
    mma_m16n8k16_bf16(sum, fragment_a, fragment_b, sum);
  }
  for (int i = 0; i < 4; ++i) {
    const int to_row = row + (i >= 2 ? 8 : 0);
    const int to_column = column + 2 * t + i % 2;
    if (to_row < m && to_column < n) c[to_row * n + to_column] = sum[i];
  }
}

dim3 tiles(int m, int n) {
  return {static_cast<unsigned>((n + 7) / 8), static_cast<unsigned>((m + 15) / 16), 1};
}

}  // namespace

void launch_reverse(float* values, int count, ReverseBugs bugs, cudaStream_t stream) {
  launch(reverse_kernel, {.grid = static_cast<unsigned>((count + 63) / 64), .block = 2 * kWarp, .stream = stream}, values,
         count, bugs);
}

void launch_warp_collectives(unsigned* results, cudaStream_t stream) {
  launch(warp_collectives_kernel, {.grid = 1, .block = 2 * kWarp, .stream = stream}, results);
}

void launch_product_tf32(const float* a, const float* b, float* c, int m, int n, int k, ProductBugs bugs,
                         cudaStream_t stream) {
  launch(product_tf32_kernel, {.grid = tiles(m, n), .block = kWarp, .stream = stream}, a, b, c, m, n, k, bugs);
}

void launch_product_bf16(const float* a, const float* b, float* c, int m, int n, int k, ProductBugs bugs,
                         cudaStream_t stream) {
  launch(product_bf16_kernel, {.grid = tiles(m, n), .block = kWarp, .stream = stream}, a, b, c, m, n, k, bugs);
}

}  // namespace gradus::self_test
