// First, since it says where Thrust runs.
#include "thrust.cuh"
// Then the algorithms.
#include <thrust/gather.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/iterator/discard_iterator.h>
#include <thrust/iterator/transform_iterator.h>
#include <thrust/reduce.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>

#include "kernels.hpp"

namespace gradus::self_test {

using namespace kernels;

namespace {

/// The column of element i in the order that goes down the columns.
struct ColumnOf {
  int rows;
  __host__ __device__ int operator()(int i) const { return i / rows; }
};

/// That element, divided by the number of rows.
struct ShareOf {
  const float* in;
  int rows;
  int columns;
  __host__ __device__ double operator()(int i) const {
    return static_cast<double>(in[i % rows * columns + i / rows]) / rows;
  }
};

}  // namespace

void launch_column_means(const float* in, float* means, int rows, int columns, cudaStream_t stream) {
  in_stream(stream, [=](const auto& policy) {
    const thrust::counting_iterator<int> elements(0);
    const auto column = thrust::make_transform_iterator(elements, ColumnOf{rows});
    const auto share = thrust::make_transform_iterator(elements, ShareOf{in, rows, columns});
    thrust::reduce_by_key(policy, column, column + rows * columns, share, thrust::make_discard_iterator(), means);
  });
}

void launch_sort(const float* in, unsigned* keys, int* order, float* out, int count, SortBugs bugs, cudaEvent_t sorted,
                 cudaStream_t sorting, cudaStream_t stream) {
  in_stream(sorting, [=](const auto& policy) {
    thrust::sequence(policy, order, order + count);
    thrust::stable_sort_by_key(policy, keys, keys + count, order);
  });
  check(cudaEventRecord(sorted, sorting), "cudaEventRecord");
  if (!bugs.no_wait) check(cudaStreamWaitEvent(stream, sorted, 0), "cudaStreamWaitEvent");
  in_stream(stream, [=](const auto& policy) { thrust::gather(policy, order, order + count, in, out); });
}

}  // namespace gradus::self_test
