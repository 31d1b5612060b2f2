#include "device.cuh"
#include "kernels.hpp"

namespace gradus::self_test {

using namespace kernels;

namespace {

__device__ int thread_in_grid() {
  return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}
__device__ int threads_in_grid() {
  return static_cast<int>(gridDim.x * blockDim.x);
}

__global__ void scale_kernel(float* values, float factor, int count, ScaleBugs bugs) {
  auto* const fours = reinterpret_cast<float4*>(values + (bugs.misaligned ? 1 : 0));
  for (int i = thread_in_grid(); i < count / 4; i += threads_in_grid()) {
    float4 four = fours[i];
    four.x *= factor;
    four.y *= factor;
    four.z *= factor;
    four.w *= factor;
    fours[i] = four;
  }
  const int end = bugs.one_too_many ? count + 1 : count;
  for (int i = count / 4 * 4 + thread_in_grid(); i < end; i += threads_in_grid()) values[i] *= factor;
}

__global__ void count_up_kernel(unsigned* values, int count, CounterBugs bugs) {
  for (int block = thread_in_grid(); block < (count + 3) / 4; block += threads_in_grid())
    for (int i = 4 * block; i < 4 * block + 4 && (bugs.no_tail || i < count); ++i) values[i] = static_cast<unsigned>(i);
}

__global__ void gather_kernel(const float* in, const int* order, float* out, int rows, int columns, GatherBugs bugs) {
  for (int row = static_cast<int>(blockIdx.x); row < rows; row += static_cast<int>(gridDim.x))
    for (int column = static_cast<int>(threadIdx.x); column < columns; column += static_cast<int>(blockDim.x))
      out[row * columns + column] = in[(bugs.ignores_order ? row : order[row]) * columns + column];
}

/// One warp, 128 floats at a time; a thread reads what another one has copied.
__global__ void staged_scale_kernel(const float* in, float* out, float factor, int count, StagedBugs bugs) {
  GRADUS_SHARED(float4, stages, [2][kWarp]);
  const int thread = static_cast<int>(threadIdx.x);
  const int rounds = (count + 127) / 128;
  // Bytes of this thread's four floats of a round that there are.
  const auto start = [&](int round) {
    const int first = round * 128 + 4 * thread;
    const int valid = max(0, min(4, count - first));
    cp_async<16>(&stages[round % 2][thread], in + (valid > 0 ? first : 0), static_cast<unsigned>(4 * valid));
    cp_async_commit();
  };
  start(0);
  for (int round = 0; round < rounds; ++round) {
    if (round + 1 < rounds || bugs.left_behind) {
      start(round + 1);
      if (!bugs.no_wait) cp_async_wait<1>();
    } else if (!bugs.no_wait) {
      cp_async_wait<0>();
    }
    if (!bugs.no_barrier) __syncthreads();
    const int other = static_cast<int>(kWarp) - 1 - thread;
    const float4 four = stages[round % 2][other];
    const int first = round * 128 + 4 * other;
    if (first < count) out[first] = four.x * factor;
    if (first + 1 < count) out[first + 1] = four.y * factor;
    if (first + 2 < count) out[first + 2] = four.z * factor;
    if (first + 3 < count) out[first + 3] = four.w * factor;
    if (!bugs.too_early) __syncthreads();
  }
  if (bugs.no_wait) cp_async_wait<0>();  // too late
}

}  // namespace

void launch_scale(float* values, float factor, int count, ScaleBugs bugs, cudaStream_t stream) {
  launch(scale_kernel, {.grid = 2, .block = 64, .stream = stream}, values, factor, count, bugs);
}

void launch_count_up(unsigned* values, int count, CounterBugs bugs, cudaStream_t stream) {
  launch(count_up_kernel, {.grid = 1, .block = 32, .stream = stream}, values, count, bugs);
}

void launch_gather(const float* in, const int* order, float* out, int rows, int columns, GatherBugs bugs,
                   cudaStream_t stream) {
  launch(gather_kernel, {.grid = 4, .block = 32, .stream = stream}, in, order, out, rows, columns, bugs);
}

void launch_staged_scale(const float* in, float* out, float factor, int count, StagedBugs bugs, cudaStream_t stream) {
  launch(staged_scale_kernel, {.grid = 1, .block = kWarp, .stream = stream}, in, out, factor, count, bugs);
}

}  // namespace gradus::self_test
