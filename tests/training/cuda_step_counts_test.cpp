// Counts what a training step puts into the GPU's stream: kernels, products and bytes. The emulation cannot measure time,
// but it shows when a step grows.

#if !defined(__SANITIZE_THREAD__)  // counts are the same whoever looks on

#include <cstddef>
#include <cstdio>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "backend/cuda/cuda_backend.hpp"
#include "bench/cuda_training.hpp"
#include "bench/workloads.hpp"
#include "cuda_emulation/control.hpp"

namespace gradus {
namespace {

using bench::Workload;

struct Counts {
  std::size_t kernels = 0;
  std::size_t products = 0;
  std::size_t others = 0;  // copies, settings of memory
  std::size_t graphs = 0;
  std::size_t bytes = 0;  // of products, copies and settings

  bool operator==(const Counts&) const = default;
};

std::ostream& operator<<(std::ostream& stream, const Counts& counts) {
  return stream << counts.kernels << " kernels, " << counts.products << " products, " << counts.others << " others, "
                << counts.graphs << " graphs, " << counts.bytes << " bytes";
}

Counts counts_so_far() {
  using cuda_emulation::work_done;
  return {work_done("kernel"), work_done("matmul"), work_done("memcpy") + work_done("memset"), work_done("graph"),
          cuda_emulation::bytes_moved()};
}

/// What this many steps, replayed as graphs, put into the stream.
Counts counts_of_steps(const Workload& workload, Precision precision, std::size_t steps = 1) {
  internal::cuda::CudaBackend backend(0, precision, 64);
  bench::Training training(backend, workload);
  if (!training.is_full_batch()) training.begin_epoch();
  for (int i = 0; i < 2; ++i) training.step(steps);
  training.cost();  // waits
  const Counts before = counts_so_far();
  training.step(steps);
  backend.gpu().wait();
  const Counts after = counts_so_far();
  EXPECT_EQ(training.nodes_per_step() * steps,
            after.kernels - before.kernels + after.products - before.products + after.others - before.others);
  return {after.kernels - before.kernels, after.products - before.products, after.others - before.others,
          after.graphs - before.graphs, after.bytes - before.bytes};
}

std::size_t bytes_of_products(const Workload& workload, Precision precision) {
  return bench::bytes_of_step(workload, precision == Precision::bf16 ? 2 : 4).products;
}

/// Three layers along minibatches. A higher number is a slower step, and a lower one is progress: write it down here.
TEST(CudaStepCounts, OfThreeLayers) {
  const Workload workload{"three layers", {20, 16, 12, 10}, 8, 1024};
  for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    SCOPED_TRACE(name(precision));
    // The minibatch; a bias and activation, and error terms, for each layer. bf16: the weights' twins.
    const std::size_t kernels = 1 + 3 + 3 + (precision == Precision::bf16 ? 3 : 0);
    const Counts found = counts_of_steps(workload, precision);
    EXPECT_EQ(found.kernels, kernels);
    EXPECT_EQ(found.products, 3U + 2U + 3U);
    EXPECT_EQ(found.others, 0U);
    EXPECT_EQ(found.graphs, 1U) << "a step is one launch";
    EXPECT_EQ(found.bytes, bytes_of_products(workload, precision)) << found;

    const Counts many = counts_of_steps(workload, precision, 40);
    EXPECT_EQ(many.kernels, 40 * kernels);
    EXPECT_EQ(many.graphs, 2U + 8U) << "sixteen are one launch";
  }
}

/// Neither the batch nor the widths change what a step is made of, so that the workloads can be counted in small.
Workload small(const Workload& workload) {
  Workload result = workload;
  const std::size_t divisor = workload.widths.front() > 1000 ? 512 : 49;
  for (std::size_t& width : result.widths) width = 1 + width / divisor;
  const bool is_full = workload.batch == workload.samples;
  result.batch = 4;
  result.samples = is_full ? 4 : 16;
  return result;
}

TEST(CudaStepCounts, OfTheWorkloads) {
  std::printf("%-12s %-9s %8s %9s %11s %20s %10s\n", "workload", "precision", "kernels", "products", "graph nodes",
              "MB through products", "MB beside");
  for (const Workload& workload : bench::workloads())
    for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::bf16}) {
      const Counts found = counts_of_steps(small(workload), precision);
      const std::size_t layers = workload.widths.size() - 1;
      const bool is_full = workload.batch == workload.samples;  // is gathered once
      EXPECT_EQ(found.kernels, (is_full ? 0 : 1) + 2 * layers + (precision == Precision::bf16 ? layers : 0))
          << workload.name;
      EXPECT_EQ(found.bytes, bytes_of_products(small(workload), precision)) << workload.name;
      EXPECT_EQ(found.products, 3 * layers - 1) << workload.name;
      EXPECT_EQ(found.graphs, 1U) << workload.name;
      const bench::BytesOfStep bytes = bench::bytes_of_step(workload, precision == Precision::bf16 ? 2 : 4);
      std::printf("%-12s %-9s %8zu %9zu %11zu %20.3f %10.3f\n", std::string(workload.name).c_str(),
                  std::string(name(precision)).c_str(), found.kernels, found.products,
                  found.kernels + found.products + found.others, 1e-6 * static_cast<double>(bytes.products),
                  1e-6 * static_cast<double>(bytes.others));
    }
}

}  // namespace
}  // namespace gradus

#endif
