#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "gradus/model.hpp"
#include "inference/inference.hpp"
#include "training/engine.hpp"

namespace gradus::internal {

/// One network on one device: it takes steps, is evaluated, saved and loaded. It knows no epochs and no files.
class Learner {
 public:
  /// With the plan's initial values. All must outlive it. Throws OutOfMemory, DeviceError.
  Learner(const Plan& plan, const Preprocessing& preprocessing, Backend& backend);

  /// Steps take the samples in this order, from its `position`-th on.
  void begin_epoch(Samples& samples, const SampleOrder& order, std::size_t position) {
    engine_->begin_epoch(samples, order, position);
  }
  /// Engine::take.
  void step(Samples& samples, std::size_t batch_size, std::span<const float> rates) {
    engine_->take(samples, batch_size, rates);
  }
  /// The sum of the loss over the samples of all steps since the last call. Waits for the device.
  double take_cost() { return engine_->take_cost(); }

  /// How well the network does now on `data`, which is held as `samples`. It takes an epoch of these.
  [[nodiscard]] Evaluation evaluate(Samples& samples, const Dataset& data);

  /// Layers 1 … L on the host.
  [[nodiscard]] std::vector<LayerParameters> parameters() { return engine_->parameters().download(backend_); }
  [[nodiscard]] LearnerState save() { return engine_->save(); }
  /// `state`: of a learner of the same network and optimizer. Throws as Engine::load does.
  void load(const LearnerState& state) { engine_->load(state); }

  /// A copy of the parameters on the device.
  [[nodiscard]] Buffer copy();
  /// The same, into a copy made before.
  void copy_to(Buffer& copy);
  /// Takes the parameters of a copy. The optimizer begins anew: its running values of the steps since then, perhaps NaN, do
  /// not belong to these parameters.
  void go_back_to(const Buffer& copy);

  /// Why this kind of engine was chosen.
  [[nodiscard]] std::string_view reason_of_engine() const { return reason_of_engine_; }

 private:
  Learner(const Plan& plan, const Preprocessing& preprocessing, Backend& backend, ChosenEngine chosen);

  Backend& backend_;
  const Preprocessing& preprocessing_;
  std::unique_ptr<Engine> engine_;
  std::string_view reason_of_engine_;
  Propagation evaluation_;
};

}  // namespace gradus::internal
