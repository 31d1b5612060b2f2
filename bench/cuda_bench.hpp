#pragma once

#include <cstddef>
#include <optional>

#include <nlohmann/json.hpp>

#include "gradus/device.hpp"
#include "measurement.hpp"
#include "workloads.hpp"

namespace gradus::bench {

/// Times steps on a GPU. Step and products are graphs that are replayed in turn, in blocks of about 10 ms between two CUDA
/// events. The order of an epoch is drawn between blocks, and is timed separately.
class CudaBench {
 public:
  CudaBench(int index, Precision precision) : index_(index), precision_(precision) {}

  [[nodiscard]] static nlohmann::json machine(int index);
  /// One entry of "steps"; measures for about this many seconds.
  [[nodiscard]] nlohmann::json measure(const Workload& workload, double seconds);
  /// What was measured of the GPU, before the first workload.
  [[nodiscard]] nlohmann::json ceilings();
  /// Takes this many steps, and returns their mean cost.
  [[nodiscard]] double take_steps(const Workload& workload, std::size_t steps) const;

 private:
  const Ceilings& measured_ceilings();

  int index_;
  Precision precision_;
  std::optional<Ceilings> ceilings_;
};

}  // namespace gradus::bench
