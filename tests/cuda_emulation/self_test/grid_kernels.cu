#include "device.cuh"
#include "kernels.hpp"

namespace gradus::self_test {

using namespace kernels;
namespace groups = cooperative_groups;

namespace {

constexpr unsigned kBlock = 64;
constexpr unsigned kClusterBlocks = 4;

/// The sum over a block, in thread 0.
__device__ float block_sum(float value) {
  GRADUS_SHARED(float, values, [kBlock]);
  values[threadIdx.x] = value;
  __syncthreads();
  float sum = 0.0F;
  if (threadIdx.x == 0)
    for (unsigned i = 0; i < kBlock; ++i) sum += values[i];
  __syncthreads();
  return sum;
}

__global__ void last_block_total_kernel(const float* in, int count, float* block_sums, unsigned* tickets, float* total,
                                        LastBlockBugs bugs) {
  GRADUS_SHARED(bool, is_last);
  float sum = 0.0F;
  const unsigned threads = gridDim.x * blockDim.x;
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < static_cast<unsigned>(count); i += threads) sum += in[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) {
    block_sums[blockIdx.x] = sum;
    if (!bugs.no_fence_before) __threadfence();
    is_last = atomicAdd(tickets, 1U) == gridDim.x - 1;
    if (!bugs.no_fence_after) __threadfence();
  }
  __syncthreads();
  if (!is_last) return;  // the whole block does
  sum = block_sum(threadIdx.x < gridDim.x ? block_sums[threadIdx.x] : 0.0F);
  if (threadIdx.x == 0) {
    *total = sum;
    *tickets = 0;
  }
}

__global__ void diffusion_kernel(float* cells, float* other, int count, int steps, DiffusionBugs bugs) {
  const groups::grid_group grid = groups::this_grid();
  const int thread = static_cast<int>(grid.thread_rank());
  const int threads = static_cast<int>(grid.size());
  for (int step = 0; step < steps; ++step) {
    for (int i = thread; i < count; i += threads) other[i] = (cells[(i + 1) % count] + cells[(i + count - 1) % count]) / 2;
    if (!bugs.no_sync_after_read) grid.sync();
    for (int i = thread; i < count; i += threads) cells[i] = other[i];
    if (!bugs.no_sync_after_write) grid.sync();
  }
}

__global__ void cluster_sums_kernel(const float* in, float* sums, ClusterBugs bugs) {
#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 900
  GRADUS_SHARED(float, own);
  const groups::cluster_group cluster = groups::this_cluster();
  const float sum = block_sum(in[blockIdx.x * blockDim.x + threadIdx.x]);
  if (threadIdx.x == 0) own = sum;
  if (!bugs.no_sync_before_read) cluster.sync();
  if (threadIdx.x == 0) {
    float total = 0.0F;
    for (unsigned rank = 0; rank < cluster.num_blocks(); ++rank)
      total += *cluster.map_shared_rank(&own, static_cast<int>(rank));
    sums[blockIdx.x] = total;
  }
  if (!bugs.no_sync_before_exit) cluster.sync();
#endif
}

}  // namespace

void launch_last_block_total(const float* in, int count, float* block_sums, unsigned* tickets, float* total, int blocks,
                             LastBlockBugs bugs, cudaStream_t stream) {
  launch(last_block_total_kernel, {.grid = static_cast<unsigned>(blocks), .block = kBlock, .stream = stream}, in, count,
         block_sums, tickets, total, bugs);
}

void launch_diffusion(float* cells, float* other, int count, int steps, DiffusionBugs bugs, cudaStream_t stream) {
  launch_cooperative(diffusion_kernel, {.grid = 4, .block = 32, .stream = stream}, cells, other, count, steps, bugs);
}

void launch_cluster_sums(const float* in, float* sums, int blocks, ClusterBugs bugs, cudaStream_t stream) {
  launch(cluster_sums_kernel,
         {.grid = static_cast<unsigned>(blocks), .block = kBlock, .stream = stream, .cluster = kClusterBlocks}, in, sums,
         bugs);
}

}  // namespace gradus::self_test
