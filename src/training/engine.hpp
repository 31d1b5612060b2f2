#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "backend/backend.hpp"
#include "data/prepare/preprocessing.hpp"
#include "formulas/philox.hpp"
#include "network/parameters.hpp"
#include "training/learner_state.hpp"
#include "training/plan.hpp"

namespace gradus::internal {

/// The order in which an epoch takes the samples: random_permutation of a sequence, or that of the data set.
using SampleOrder = std::optional<RandomSequence>;

/// What takes the steps of one network on one device. It owns the parameters and all that changes with them.
class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;

  /// On the device. Whoever changes them also decides about the optimizer's running values (restart_optimizer).
  [[nodiscard]] virtual Parameters& parameters() = 0;

  /// Minibatches take the samples in this order, from its `position`-th on.
  virtual void begin_epoch(Samples& samples, const SampleOrder& order, std::size_t position) = 0;
  /// Takes rates.size() steps, the i-th at the rate rates[i], each along the next `batch_size` samples; the epoch must have
  /// that many left. Allocates nothing of its own after the first step of each size. Does not wait for the device.
  virtual void take(Samples& samples, std::size_t batch_size, std::span<const float> rates) = 0;
  /// The sum of the loss over all samples since the last call, each as it was before its step. Waits for the device.
  virtual double take_cost() = 0;

  /// The optimizer begins anew, with running values of 0.
  virtual void restart_optimizer() = 0;

  /// Waits for the device.
  [[nodiscard]] virtual LearnerState save() = 0;
  /// `state`: that of a network of the same layers, with the same optimizer. Throws UsageError if its sizes are others, and
  /// then changes nothing.
  virtual void load(const LearnerState& state) = 0;
};

/// An engine, and why it is this one.
struct ChosenEngine {
  std::unique_ptr<Engine> engine;
  std::string_view reason;
};

/// The engine for a plan on the plan's device, which must outlive it. Today there is one kind, the graph of layers
/// (GraphEngine), which takes every plan. Throws OutOfMemory, DeviceError.
[[nodiscard]] ChosenEngine choose_engine(const Plan& plan, const Preprocessing& preprocessing, Backend& device);

}  // namespace gradus::internal
