#include "cpu_bench.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <sys/resource.h>
#include <vector>

#include <fmt/format.h>
#include <oneapi/dnnl/dnnl.h>

#include "backend/cpu/cpu_info.hpp"
#include "backend/cpu/vector_kernels.hpp"
#include "backend/planning.hpp"
#include "cpu_products.hpp"
#include "network/propagation.hpp"

namespace gradus::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Seconds per run, over this many runs.
template <typename Run>
double seconds_of(std::size_t times, Run run) {
  const auto start = Clock::now();
  for (std::size_t i = 0; i < times; ++i) run();
  return std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(times);
}

/// The shortest of several runs, after one that warms up.
template <typename Run>
double least_seconds(Run run) {
  constexpr int kRuns = 4;
  run();
  double least = seconds_of(1, run);
  for (int i = 1; i < kRuns; ++i) least = std::min(least, seconds_of(1, run));
  return least;
}

/// Each thread multiplies matrices of its own, and copies a part of its own.
Ceilings measure_ceilings(std::size_t threads) {
  constexpr std::size_t kSide = 1024;
  constexpr std::size_t kFloats = std::size_t{1} << 26;  // 256 MiB
  internal::ThreadPool pool(threads);
  Ceilings ceilings;
  {
    const std::vector<float> a = random_floats(kSide * kSide, 1.0);
    std::vector<std::vector<float>> b(threads, a);
    std::vector<std::vector<float>> c(threads, a);
    const double seconds = least_seconds([&] {
      pool.run(threads, [&](std::size_t task) {
        internal::matrix_product({.m = kSide,
                                  .n = kSide,
                                  .k = kSide,
                                  .a = {a.data(), kSide},
                                  .b = {b[task].data(), kSide},
                                  .c = c[task].data(),
                                  .stride_c = kSide});
      });
    });
    ceilings.operations_per_second =
        2.0 * static_cast<double>(threads) * static_cast<double>(kSide) * static_cast<double>(kSide * kSide) / seconds;
  }
  const std::vector<float> from(kFloats, 1.0F);
  std::vector<float> to(kFloats);
  const double seconds = least_seconds([&] {
    pool.run(threads, [&](std::size_t task) {
      const internal::Range range = internal::part(kFloats, threads, task);
      std::memcpy(to.data() + range.first, from.data() + range.first, range.size() * sizeof(float));
    });
  });
  ceilings.bytes_per_second = 2.0 * static_cast<double>(kFloats * sizeof(float)) / seconds;
  return ceilings;
}

/// The most memory that this process has had so far.
std::size_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

/// How many of a run fill a block. The first ones make oneDNN's kernels and fill the caches: they are not counted.
template <typename Run>
std::size_t runs_per_block(Run run) {
  const auto few = [&] {
    const double one = seconds_of(1, run);
    return 1 + static_cast<std::size_t>(std::min(20.0, kBlock / std::max(1e-9, one)));
  };
  seconds_of(few(), run);
  return 1 + static_cast<std::size_t>(kBlock / std::max(1e-9, seconds_of(few(), run)));
}

}  // namespace

Trainer make_trainer(const Workload& workload, std::size_t threads, double learning_rate) {
  NetworkSpec network;
  network.hidden.assign(workload.widths.begin() + 1, workload.widths.end() - 1);
  network.output_activation = workload.output_activation;
  TrainingOptions options;
  options.execution.device = Device::cpu();
  options.batch_size = workload.batch;
  options.optimizer.learning_rate = learning_rate;
  options.execution.threads = threads;
  const std::size_t features = workload.widths.front();
  std::vector<std::string> classes;  // all, even if the samples are fewer
  for (std::size_t i = 0; i < workload.widths.back(); ++i) classes.push_back(std::to_string(i));
  const Dataset images = Dataset::classification(random_bytes(workload.samples * features), features,
                                                 all_classes(workload.samples, classes.size()), classes);
  return {network, images, options};
}

nlohmann::json CpuBench::machine() {
  return {{"cpu", internal::cpu_name()}, {"cores", internal::usable_cores()}, {"build", build()}};
}

std::string CpuBench::build() {
#if defined(__clang__)
  const std::string compiler = fmt::format("Clang {}", __clang_major__);
#else
  const std::string compiler = fmt::format("GCC {}", __GNUC__);
#endif
  const dnnl_version_t& onednn = *dnnl_version();
  return fmt::format("{}, {}, oneDNN {}.{}.{}", internal::instruction_sets().front(), compiler, onednn.major, onednn.minor,
                     onednn.patch);
}

nlohmann::json CpuBench::measure(const Workload& workload, double seconds) {
  Trainer trainer = make_trainer(workload, threads_, 0.01);
  const std::size_t threads = trainer.options().execution.threads;
  const std::size_t rows = internal::rows_at_once(workload.widths, workload.batch, internal::floats_at_once(Device::cpu()));
  CpuProducts products(workload.widths, rows, threads);
  const double parts = static_cast<double>(workload.batch) / static_cast<double>(rows);
  double cost = 0.0;
  const auto step = [&] { cost = trainer.step(); };
  const auto product = [&] { products.run(); };
  const std::size_t steps = runs_per_block(step);
  const std::size_t repeats = runs_per_block(product);
  Blocks blocks;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  do {
    const double step_seconds = seconds_of(steps, step);
    blocks.add(step_seconds, parts * seconds_of(repeats, product));
  } while (blocks.steps.size() < kFewestBlocks || Clock::now() < end);
  const std::size_t memory = peak_memory_bytes();  // before the ceilings are measured, which need some too
  nlohmann::json result = describe(workload, "cpu", "fp32", threads, blocks, ceilings(threads));
  result["peak_memory_bytes"] = memory;
  result["cost"] = cost;
  return result;
}

const Ceilings& CpuBench::ceilings(std::size_t threads) {
  const auto found = ceilings_.find(threads);
  return found != ceilings_.end() ? found->second : ceilings_.emplace(threads, measure_ceilings(threads)).first->second;
}

nlohmann::json CpuBench::ceilings() const {
  nlohmann::json all = nlohmann::json::array();
  for (const auto& [threads, ceilings] : ceilings_)
    all.push_back({{"device", "cpu"},
                   {"precision", "fp32"},
                   {"threads", threads},
                   {"product", "1024x1024x1024 on each thread"},
                   {"operations_per_second", ceilings.operations_per_second},
                   {"copy", "256 MiB"},
                   {"bytes_per_second", ceilings.bytes_per_second}});
  return all;
}

double CpuBench::take_steps(const Workload& workload, std::size_t steps) const {
  Trainer trainer = make_trainer(workload, threads_, 0.01);
  double sum = 0.0;
  for (std::size_t i = 0; i < steps; ++i) sum += trainer.step();
  return sum / static_cast<double>(steps);
}

}  // namespace gradus::bench
