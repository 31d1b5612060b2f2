#pragma once

#include <cstddef>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "gradus/trainer.hpp"
#include "measurement.hpp"
#include "workloads.hpp"

namespace gradus::bench {

/// A workload as the library trains it, on data without meaning.
[[nodiscard]] Trainer make_trainer(const Workload& workload, std::size_t threads, double learning_rate);

/// Times steps on the CPU with at most this many threads (0: as many as help).
class CpuBench {
 public:
  explicit CpuBench(std::size_t threads) : threads_(threads) {}

  [[nodiscard]] static nlohmann::json machine();
  /// What the speed of a step depends on beside the machine: "AVX2, GCC 12, oneDNN 2.6.3".
  [[nodiscard]] static std::string build();
  /// One entry of "steps"; measures for about this many seconds.
  [[nodiscard]] nlohmann::json measure(const Workload& workload, double seconds);
  /// Measurements of the machine itself, by number of threads.
  [[nodiscard]] nlohmann::json ceilings() const;
  /// Takes this many steps, and returns their mean cost.
  [[nodiscard]] double take_steps(const Workload& workload, std::size_t steps) const;

 private:
  const Ceilings& ceilings(std::size_t threads);

  std::size_t threads_;
  std::map<std::size_t, Ceilings> ceilings_;
};

}  // namespace gradus::bench
