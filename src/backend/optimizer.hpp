#pragma once

#include <cstddef>
#include <vector>

#include "formulas/optimizer.hpp"

namespace gradus::internal {

/// Where the parameters lie in their buffer: the weights, matrix by matrix, before the biases. Decay is for weights alone.
struct ParameterPlan {
  struct Tensor {
    std::size_t first;
    std::size_t size;
  };
  std::vector<Tensor> weights;
  std::size_t biases_begin = 0;
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

/// What an optimizer keeps from step to step, on a device: running values, and the number of steps. It must be gone before
/// the backend.
class OptimizerState {
 public:
  OptimizerState() = default;
  OptimizerState(const OptimizerState&) = delete;
  OptimizerState& operator=(const OptimizerState&) = delete;
  virtual ~OptimizerState() = default;

  /// The state after the last step. Waits for the device.
  [[nodiscard]] virtual OptimizerValues save() const = 0;
  /// Continues from a state that an optimizer of the same settings and plan has saved, on any device. Work that was
  /// recorded with Backend::repeat stays valid.
  virtual void load(const OptimizerValues& values) = 0;
};

}  // namespace gradus::internal
