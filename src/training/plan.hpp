#pragma once

#include <cstddef>
#include <vector>

#include "backend/optimizer.hpp"
#include "gradus/dataset.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/training_options.hpp"
#include "layers/layer_spec.hpp"
#include "network/propagation.hpp"

namespace gradus::internal {

/// Everything about a training that is settled before it begins, on the host: nothing of it changes, and it owns no device
/// memory. Only the scales of the inputs are missing: a device may be asked for the data's statistics (Preprocessing).
struct Plan {
  /// Steps that are begun at once, at most.
  static constexpr std::size_t kMostStepsAtOnce = 64;

  Dataset data;
  NetworkSpec network;
  /// Every optional has a value; `threads` is the number that is used.
  TrainingOptions options = {};
  std::vector<std::size_t> widths = {};    ///< n_0 … n_L
  std::vector<LayerSpec> layers = {};      ///< 1 … L
  std::vector<float> sample_weights = {};  ///< (samples), with mean 1; empty where all samples count alike
  OptimizerSettings optimizer = {};
  StepOptions step = {};            ///< with a distortion whose scales are empty
  std::size_t rows = 0;             ///< samples of a batch that are propagated at once
  std::size_t evaluation_rows = 0;  ///< samples that are evaluated at once
  /// Steps that are begun between two checks for a request to stop.
  std::size_t steps_at_once = 1;
  /// Whether gradients are stored; else each step is folded into the products that would make them.
  bool has_gradients = false;
  /// Whether each epoch has an order of its own.
  bool shuffles = false;

  [[nodiscard]] std::size_t batch_size() const { return options.batch_size.value(); }
  [[nodiscard]] std::size_t steps_per_epoch() const { return (data.samples() + batch_size() - 1) / batch_size(); }
};

/// Settles how `network` is trained on `data`. Throws UsageError, DataError and DeviceError.
[[nodiscard]] Plan make_plan(const NetworkSpec& network, const Dataset& data, const TrainingOptions& options);

/// Host memory that the training takes, in bytes: an upper estimate. A GPU itself reports when its memory is too small.
[[nodiscard]] double memory_estimate(const Plan& plan);

/// Throws OutOfMemory for a training that cannot fit.
void require_memory(const Plan& plan);

}  // namespace gradus::internal
