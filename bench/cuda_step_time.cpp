// How long a training step takes on a GPU, beside its matrix products alone in the same process.
//
//   gradus-cuda-step-time [--only WORKLOAD]… [--precision P]… [--seconds S] [--json FILE]
//   gradus-cuda-step-time --only WORKLOAD [--precision P] --steps N      (nothing but N steps, for a profiler)
//   gradus-cuda-step-time --list
//
// Step and products are graphs that are replayed in turn, in blocks of about 10 ms between two CUDA events; the figures are
// medians over the blocks, and the share is the median of the ratios block by block. The order of an epoch is drawn between
// blocks, and its time told apart.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cublasLt.h>
#include <cuda_runtime_api.h>
#include <exception>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backend/cuda/cuda_backend.hpp"
#include "cuda_products.hpp"
#include "cuda_training.hpp"
#include "gradus/device.hpp"
#include "workloads.hpp"

namespace gradus::bench {
namespace {

using internal::cuda::check;
using internal::cuda::CudaBackend;
using internal::cuda::DeviceArray;
using internal::cuda::Gpu;
using Clock = std::chrono::steady_clock;

constexpr double kBlock = 0.01;  // seconds
constexpr std::size_t kFewestBlocks = 5;

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

  /// Seconds that one of so many times takes of what run(count) puts into the GPU's stream; `at_once` at most are asked for
  /// together.
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

/// The backend of the command, on the first GPU.
class Machine {
 public:
  explicit Machine(Precision precision)
      : backend_(internal::make_backend(resolve(Device::cuda()), precision, 1)),
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
double rate_of_products(Precision precision) {
  constexpr std::size_t kSide = 8192;
  constexpr float kZero = 0.0F;
  constexpr float kOne = 1.0F;
  Machine machine(precision);
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
double rate_of_copies() {
  constexpr std::size_t kMostBytes = std::size_t{1} << 30;
  Machine machine(Precision::fp32);
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

/// What no step can do without: each parameter read once and written once, and the minibatch's bytes and classes read.
double bytes_of_step(const Workload& workload) {
  double parameters = 0.0;
  for (std::size_t l = 1; l < workload.widths.size(); ++l)
    parameters += static_cast<double>((workload.widths[l - 1] + 1) * workload.widths[l]);
  const std::size_t sample = workload.widths.front() * sizeof(std::uint8_t) + sizeof(std::int32_t);
  return 2.0 * sizeof(float) * parameters + static_cast<double>(workload.batch * sample);
}

/// What this GPU did when it was measured, at the start.
struct Ceilings {
  double copies = 0.0;                   // bytes a second
  std::map<Precision, double> products;  // operations a second
};

nlohmann::json measure(const Workload& workload, Precision precision, double seconds, const Ceilings& ceilings) {
  Machine machine(precision);
  Stopwatch& stopwatch = machine.stopwatch();
  Training training(machine.backend(), workload);
  CudaStepProducts step_products(machine.gpu(), precision, workload.widths, workload.batch, training.parameters());
  std::unique_ptr<internal::Repetition> repetition;
  std::vector<double> order_seconds;
  const std::size_t at_once = training.at_once();
  const auto step = [&](std::size_t count) { training.step(count); };
  const auto block_of_products = [&](std::size_t times) {
    return stopwatch.seconds_of(times, at_once, [&](std::size_t count) {
      machine.backend().repeat(repetition, count, [&] { step_products.run(); });
    });
  };
  // Of so many steps in a row, and at most an epoch.
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
  std::vector<double> step_seconds;
  std::vector<double> product_seconds;
  std::vector<double> shares;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (shares.size() < kFewestBlocks || Clock::now() < end) {
    step_seconds.push_back(block_of_steps(steps));
    product_seconds.push_back(block_of_products(repeats));
    shares.push_back(product_seconds.back() / step_seconds.back());
  }
  const double cost = training.cost();
  if (!std::isfinite(cost)) throw std::runtime_error(fmt::format("{}: the cost is no number", workload.name));

  const double time = median(step_seconds);
  const double operations = operations_of_step(workload);
  const double floor = std::max(operations / ceilings.products.at(precision), bytes_of_step(workload) / ceilings.copies);
  nlohmann::json result{{"workload", workload.name},
                        {"precision", name(precision)},
                        {"widths", workload.widths},
                        {"batch", workload.batch},
                        {"blocks", shares.size()},
                        {"step_microseconds", 1e6 * time},
                        {"least_step_microseconds", 1e6 * *std::ranges::min_element(step_seconds)},
                        {"greatest_step_microseconds", 1e6 * *std::ranges::max_element(step_seconds)},
                        {"products_microseconds", 1e6 * median(product_seconds)},
                        {"share_of_products", median(shares)},
                        {"samples_per_second", static_cast<double>(workload.batch) / time},
                        {"operations", operations},
                        {"operations_per_second", operations / time},
                        {"floor_microseconds", 1e6 * floor},
                        {"share_of_floor", floor / time},
                        {"cost", cost}};
  if (!order_seconds.empty()) result["order_microseconds"] = 1e6 * median(order_seconds);
  return result;
}

nlohmann::json describe_machine() {
  int driver = 0;
  int runtime = 0;
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, 0), "cudaGetDeviceProperties");
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

struct Arguments {
  std::vector<Workload> workloads;
  std::vector<Precision> precisions;
  double seconds = 1.0;
  std::size_t steps = 0;
  std::string json;
  bool list = false;
};

Arguments parse(const std::vector<std::string>& words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--list") {
      arguments.list = true;
      continue;
    }
    if (i + 1 == words.size()) throw UsageError(fmt::format("{} is no option, or lacks its value", word));
    const std::string& value = words[++i];
    if (word == "--only") {
      arguments.workloads.push_back(find_workload(value));
    } else if (word == "--precision") {
      const auto precision = from_name<Precision>(value);
      if (!precision) throw UsageError(fmt::format("no precision is named '{}'; give fp32, tf32 or bf16", value));
      arguments.precisions.push_back(*precision);
    } else if (word == "--seconds") {
      arguments.seconds = std::stod(value);
    } else if (word == "--steps") {
      arguments.steps = std::stoul(value);
    } else if (word == "--json") {
      arguments.json = value;
    } else {
      throw UsageError(fmt::format("{} is no option; give --only, --precision, --seconds, --steps, --json or --list", word));
    }
  }
  if (arguments.workloads.empty()) arguments.workloads = workloads();
  if (arguments.precisions.empty()) arguments.precisions = {Precision::fp32, Precision::tf32, Precision::bf16};
  return arguments;
}

void take_steps(const Workload& workload, Precision precision, std::size_t steps) {
  Machine machine(precision);
  Training training(machine.backend(), workload);
  for (std::size_t i = 0; i < steps; ++i) {
    if (training.steps_left() == 0) training.begin_epoch();
    training.step(1);
  }
  fmt::print("{} {}: {} steps, mean cost {}\n", workload.name, name(precision), steps, training.cost());
}

/// The columns are those of `print_row`; scripts/gpu-check reads them.
void print_row(const nlohmann::json& row) {
  fmt::print("{:12} {:9} {:12.2f} {:12.2f} {:9.1f} {:12.5g} {:9.2f} {:9.1f}\n", row["workload"].get<std::string>(),
             row["precision"].get<std::string>(), row["step_microseconds"].get<double>(),
             row["products_microseconds"].get<double>(), 100.0 * row["share_of_products"].get<double>(),
             row["samples_per_second"].get<double>(), 1e-12 * row["operations_per_second"].get<double>(),
             100.0 * row["share_of_floor"].get<double>());
  std::fflush(stdout);
}

int run(const std::vector<std::string>& words) {
  const Arguments arguments = parse(words);
  nlohmann::json all = nlohmann::json::array();
  if (arguments.list) {
    for (const Workload& workload : workloads()) all.push_back(to_json(workload));
    fmt::print("{}\n", all.dump());
    return 0;
  }
  static_cast<void>(resolve(Device::cuda()));  // throws with the reason
  if (arguments.steps > 0) {
    for (const Workload& workload : arguments.workloads)
      for (const Precision precision : arguments.precisions) take_steps(workload, precision, arguments.steps);
    return 0;
  }

  const bool has_table = !arguments.json.empty();
  Ceilings ceilings;
  nlohmann::json record = describe_machine();
  record["copy_bytes_per_second"] = ceilings.copies = rate_of_copies();
  for (const Precision precision : arguments.precisions) {
    ceilings.products[precision] = rate_of_products(precision);
    record["product_operations_per_second"][name(precision)] = ceilings.products[precision];
  }
  if (has_table)
    fmt::print("{:12} {:9} {:>12} {:>12} {:>9} {:>12} {:>9} {:>9}\n", "workload", "precision", "step us", "products us",
               "share %", "samples/s", "TFLOP/s", "floor %");
  for (const Workload& workload : arguments.workloads)
    for (const Precision precision : arguments.precisions) {
      all.push_back(measure(workload, precision, arguments.seconds, ceilings));
      if (has_table) print_row(all.back());
    }
  record["steps"] = all;
  if (!has_table) {
    fmt::print("{}\n", record.dump());
    return 0;
  }
  std::ofstream file(arguments.json);
  file << record.dump() << "\n";
  if (!file.flush()) throw std::runtime_error(fmt::format("{} cannot be written", arguments.json));
  return 0;
}

}  // namespace
}  // namespace gradus::bench

int main(int argc, char** argv) {
  try {
    return gradus::bench::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "gradus-cuda-step-time: error: {}\n", error.what());
    return 2;
  }
}
