#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "formulas/optimizer.hpp"

namespace gradus::internal {

/// Where the parameters lie in their buffer: tensors that decay, such as weights, before those that do not, such as biases.
struct ParameterPlan {
  struct Tensor {
    std::size_t first;
    std::size_t size;
  };
  std::vector<Tensor> decaying;
  std::size_t decaying_end = 0;
  std::size_t size = 0;
};

/// An optimizer's state on the host.
struct OptimizerValues {
  /// The running values, OptimizerSettings::moments() vectors of ParameterPlan::size values each.
  std::vector<std::vector<float>> moments;
  /// Steps taken, where the optimizer corrects its running values for their start at 0 (two moments); else 0.
  std::uint64_t steps = 0;

  bool operator==(const OptimizerValues&) const = default;
};

/// An optimizer on a device, with what it keeps from step to step: running values, and the number of steps. It must be
/// destroyed before the backend.
class ParameterOptimizer {
 public:
  ParameterOptimizer() = default;
  ParameterOptimizer(const ParameterOptimizer&) = delete;
  ParameterOptimizer& operator=(const ParameterOptimizer&) = delete;
  virtual ~ParameterOptimizer() = default;

  /// One step at the rate α (LayerVerbs::set_rate) along the gradients of all parameters; both in device memory, as the plan
  /// says. What the gradients hold afterwards does not matter.
  virtual void step(std::span<float> gradients, std::span<float> parameters) = 0;

  /// The state after the last step. Waits for the device.
  [[nodiscard]] virtual OptimizerValues save() const = 0;
  /// Continues from a state that an optimizer of the same settings and plan has saved, on any device. Work that a Repetition
  /// has recorded stays valid.
  virtual void load(const OptimizerValues& values) = 0;
};

}  // namespace gradus::internal
