#include "cuda_bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cublasLt.h>
#include <cuda_runtime_api.h>
#include <memory>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "backend/cuda/cuda_backend.hpp"
#include "backend/planning.hpp"
#include "cuda_products.hpp"
#include "cuda_training.hpp"

namespace gradus::bench {
namespace {

using internal::cuda::check;
using internal::cuda::CudaBackend;
using internal::cuda::DeviceArray;
using internal::cuda::Gpu;
using Clock = std::chrono::steady_clock;

/// Measures work in a stream by events before and after it.
class Stopwatch {
 public:
  explicit Stopwatch(const Gpu& gpu) : gpu_(gpu) {
    gpu_.run([&] {
      check(cudaEventCreate(&begin_), "cudaEventCreate");
      check(cudaEventCreate(&end_), "cudaEventCreate");
    });
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() {
    static_cast<void>(cudaEventDestroy(begin_));
    static_cast<void>(cudaEventDestroy(end_));
  }

  /// Seconds per repetition, over `times` repetitions of what run(count) puts into the GPU's stream; `count` is at most
  /// `at_once`.
  template <typename Run>
  double seconds_of(std::size_t times, std::size_t at_once, Run run) {
    return gpu_.run([&] {
      float milliseconds = 0.0F;
      check(cudaEventRecord(begin_, gpu_.stream()), "cudaEventRecord");
      for (std::size_t done = 0; done < times; done += at_once) run(std::min(at_once, times - done));
      check(cudaEventRecord(end_, gpu_.stream()), "cudaEventRecord");
      check(cudaEventSynchronize(end_), "cudaEventSynchronize");
      check(cudaEventElapsedTime(&milliseconds, begin_, end_), "cudaEventElapsedTime");
      return 1e-3 * static_cast<double>(milliseconds) / static_cast<double>(times);
    });
  }

  template <typename Run>
  double seconds_of(Run run) {
    return seconds_of(1, 1, [&](std::size_t) { run(); });
  }

 private:
  const Gpu& gpu_;
  cudaEvent_t begin_ = nullptr;
  cudaEvent_t end_ = nullptr;
};

/// The backend of a GPU.
class Machine {
 public:
  Machine(int index, Precision precision)
      : backend_(internal::make_backend(resolve(Device::cuda(index)), precision, 1)),
        cuda_(dynamic_cast<CudaBackend&>(*backend_)),
        stopwatch_(cuda_.gpu()) {}

  CudaBackend& backend() { return cuda_; }
  const Gpu& gpu() { return cuda_.gpu(); }
  Stopwatch& stopwatch() { return stopwatch_; }

 private:
  std::unique_ptr<internal::Backend> backend_;
  CudaBackend& cuda_;
  Stopwatch stopwatch_;
};

template <typename Run>
double median_seconds(Stopwatch& stopwatch, Run run) {
  std::vector<double> seconds;
  for (int i = 0; i < 2; ++i) stopwatch.seconds_of(run);
  for (int i = 0; i < 5; ++i) seconds.push_back(stopwatch.seconds_of(run));
  return median(seconds);
}

/// Floating-point operations a second of one large product.
double rate_of_products(Machine& machine, Precision precision) {
  constexpr std::size_t kSide = 8192;
  constexpr float kZero = 0.0F;
  constexpr float kOne = 1.0F;
  CudaProducts products(machine.gpu(), precision);
  const float* const a = products.random(kSide * kSide, 1.0);
  const float* const b = products.random(kSide * kSide, 1.0);
  float* const c = products.random(kSide * kSide, 1.0);
  const double seconds = median_seconds(machine.stopwatch(), [&] {
    products.multiply({.rows = kSide, .columns = kSide, .inner = kSide, .transposed_b = true},
                      {.alpha = &kOne, .beta = &kZero}, a, b, c);
  });
  return 2.0 * std::pow(static_cast<double>(kSide), 3) / seconds;
}

/// Bytes a second, read and written, of one large copy within the GPU's memory.
double rate_of_copies(Machine& machine) {
  constexpr std::size_t kMostBytes = std::size_t{1} << 30;
  return machine.gpu().run([&] {
    std::size_t free_bytes = 0;
    std::size_t all_bytes = 0;
    check(cudaMemGetInfo(&free_bytes, &all_bytes), "cudaMemGetInfo");
    const std::size_t bytes = std::min(kMostBytes, free_bytes / 4);
    const DeviceArray<unsigned char> from(bytes);
    const DeviceArray<unsigned char> to(bytes);
    check(cudaMemsetAsync(from.data(), 0x5A, bytes, machine.gpu().stream()), "cudaMemsetAsync");
    const double seconds = median_seconds(machine.stopwatch(), [&] {
      check(cudaMemcpyAsync(to.data(), from.data(), bytes, cudaMemcpyDeviceToDevice, machine.gpu().stream()),
            "cudaMemcpyAsync");
    });
    return 2.0 * static_cast<double>(bytes) / seconds;
  });
}

}  // namespace

nlohmann::json CudaBench::machine(int index) {
  int driver = 0;
  int runtime = 0;
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, index), "cudaGetDeviceProperties");
  check(cudaDriverGetVersion(&driver), "cudaDriverGetVersion");
  check(cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion");
  return {{"gpu", properties.name},
          {"compute_capability", fmt::format("{}.{}", properties.major, properties.minor)},
          {"multiprocessors", properties.multiProcessorCount},
          {"memory_bytes", properties.totalGlobalMem},
          {"cuda_driver", driver},
          {"cuda_runtime", runtime},
          {"cublaslt", cublasLtGetVersion()}};
}

const Ceilings& CudaBench::measured_ceilings() {
  if (!ceilings_) {
    Machine machine(index_, precision_);
    ceilings_ = Ceilings{rate_of_products(machine, precision_), rate_of_copies(machine)};
  }
  return *ceilings_;
}

nlohmann::json CudaBench::ceilings() {
  const Ceilings& measured = measured_ceilings();
  return {{"device", Device::cuda(index_).to_string()},
          {"precision", name(precision_)},
          {"product", "8192x8192x8192"},
          {"operations_per_second", measured.operations_per_second},
          {"copy", "1 GiB"},
          {"bytes_per_second", measured.bytes_per_second}};
}

nlohmann::json CudaBench::measure(const Workload& workload, double seconds) {
  const Ceilings& measured = measured_ceilings();
  Machine machine(index_, precision_);
  Stopwatch& stopwatch = machine.stopwatch();
  Training training(machine.backend(), workload);
  CudaStepProducts step_products(machine.gpu(), precision_, workload.widths, workload.batch, training.parameters());
  const auto repetition = machine.backend().make_repetition();
  std::vector<double> order_seconds;
  const std::size_t at_once = training.at_once();
  const auto step = [&](std::size_t count) { training.step(count); };
  const auto block_of_products = [&](std::size_t times) {
    return stopwatch.seconds_of(times, at_once,
                                [&](std::size_t count) { repetition->run(count, [&] { step_products.run(); }); });
  };
  // This many steps in a row, and at most an epoch.
  const auto block_of_steps = [&](std::size_t steps) {
    steps = std::min(steps, training.steps_per_epoch());
    if (training.steps_left() < steps) order_seconds.push_back(stopwatch.seconds_of([&] { training.begin_epoch(); }));
    return stopwatch.seconds_of(steps, at_once, step);
  };
  const auto per_block = [&](double one) {
    return at_once * (1 + static_cast<std::size_t>(kBlock / std::max(1e-7, one * static_cast<double>(at_once))));
  };

  // The first times plan, capture and load code: they are neither counted nor used to size the blocks.
  for (int i = 0; i < 3; ++i) block_of_steps(2 * at_once);
  for (int i = 0; i < 3; ++i) block_of_products(2 * at_once);
  const std::size_t steps = per_block(block_of_steps(20));
  const std::size_t repeats = per_block(block_of_products(20));
  order_seconds.clear();
  Blocks blocks;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (blocks.steps.size() < kFewestBlocks || Clock::now() < end) {
    const double step_seconds = block_of_steps(steps);
    blocks.add(step_seconds, block_of_products(repeats));
  }
  const double cost = training.cost();
  if (!std::isfinite(cost)) throw std::runtime_error(fmt::format("{}: the cost is not a number", workload.name));
  nlohmann::json result = describe(workload, Device::cuda(index_).to_string(), name(precision_), 1, blocks, measured);
  const BytesOfStep bytes = bytes_of_step(workload, precision_ == Precision::bf16 ? 2 : sizeof(float));
  result["kernels"] = training.nodes_per_step();
  result["bytes"] = bytes.products + bytes.others;
  result["cost"] = cost;
  if (!order_seconds.empty()) result["order_microseconds"] = 1e6 * median(order_seconds);
  return result;
}

double CudaBench::take_steps(const Workload& workload, std::size_t steps) const {
  Machine machine(index_, precision_);
  Training training(machine.backend(), workload);
  for (std::size_t i = 0; i < steps; ++i) {
    if (training.steps_left() == 0) training.begin_epoch();
    training.step(1);
  }
  return training.cost();
}

}  // namespace gradus::bench
