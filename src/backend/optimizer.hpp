#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gradus/training_options.hpp"

namespace gradus::internal {

/// An optimizer with its numbers, as a backend computes it.
struct OptimizerSettings {
  Optimizer kind = Optimizer::sgd;
  float momentum = 0.0F;
  float beta1 = 0.0F;
  float beta2 = 0.0F;
  float epsilon = 0.0F;
  float weight_decay = 0.0F;
  float l1 = 0.0F;
  float l2 = 0.0F;
  float clip_norm = 0.0F;  // 0: gradients stay as long as they are

  OptimizerSettings() = default;
  /// `options` are resolved.
  explicit OptimizerSettings(const TrainingOptions& options);

  /// Whether a step is p −= α g and nothing else: then it can be folded into the product that makes g.
  [[nodiscard]] bool is_plain_descent() const {
    return kind == Optimizer::sgd && weight_decay == 0.0F && l1 == 0.0F && l2 == 0.0F && clip_norm == 0.0F;
  }
  /// How many running values there are for each parameter.
  [[nodiscard]] std::size_t moments() const {
    switch (kind) {
      case Optimizer::sgd:
        return 0;
      case Optimizer::momentum:
      case Optimizer::nesterov:
      case Optimizer::rmsprop:
        return 1;
      case Optimizer::adam:
      case Optimizer::adamw:
      case Optimizer::lamb:
        return 2;
    }
    return 0;
  }
};

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
