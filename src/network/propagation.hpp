#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "backend/layer.hpp"
#include "gradus/network_spec.hpp"
#include "network/augmentation.hpp"
#include "network/parameters.hpp"

namespace gradus::internal {

/// What a training step does in addition to propagation.
struct StepOptions {
  float dropout = 0.0F;      ///< the chance that a unit of a hidden layer is left out
  std::uint64_t seed = 0;    ///< of dropout
  bool has_weights = false;  ///< whether samples count differently
  AugmentationPlan augmentation = {};
};

/// A network's layers, with the samples that they take and the loss that follows them: what one step computes, in which
/// order. The parameters belong to the caller; nothing is allocated after the constructor. Letters and formulas:
/// docs/mathematics.md.
class Propagation {
 public:
  /// For at most `rows` samples at once. `parameters` are those of layers_of(network). `backend` and `parameters` must
  /// outlive it. Throws OutOfMemory.
  Propagation(Backend& backend, const NetworkSpec& network, Parameters& parameters, std::size_t rows, Purpose purpose,
              StepOptions options = {});

  [[nodiscard]] std::size_t rows() const { return inputs_.rows; }

  /// Makes the next `count` samples, at most rows(), the current ones, with their targets where there are buffers for these.
  /// `samples` are not scaled where images are distorted. What augmentation makes of them is made in each step, and not for
  /// `forward` alone.
  void load(Samples& samples, std::size_t count);

  /// Y_1 … Y_L of the current samples; for training with dropout.
  void forward();
  /// Y_L, (current samples, outputs).
  [[nodiscard]] ConstMatrix outputs() const { return layers_.back()->outputs().y; }
  [[nodiscard]] const LossFunction& loss() const { return loss_; }

  /// After `forward`, where there are targets: LayerVerbs::classify of the current samples.
  [[nodiscard]] double classify(std::span<std::int32_t> classes);

  /// One step of plain gradient descent along the current samples, at the backend's rate.
  void descend();
  /// gradients = beta · gradients + alpha · (the sum over the current samples); the parameters stay.
  void accumulate(Parameters& gradients, float alpha, float beta);

  /// For how many samples dropout and augmentation have drawn random numbers; 0 where neither is used. Waits for the device.
  [[nodiscard]] std::uint64_t draws() const { return draws_ ? draws_->save() : 0; }
  /// Continues from this number of samples.
  void set_draws(std::uint64_t draws);

  /// How many floats the buffers take for `rows` samples.
  [[nodiscard]] static double floats(const NetworkSpec& network, std::size_t rows, Purpose purpose,
                                     const StepOptions& options = {});

 private:
  [[nodiscard]] Matrix allocate(std::size_t rows, std::size_t columns);
  void allocate_for_training(bool has_dropout);

  /// Forward, Δ_L … Δ_1, and then the update of each layer: update_of(l) is that of layer l = 0 … L−1.
  template <typename UpdateOf>
  void step(UpdateOf update_of);

  [[nodiscard]] WeightedTargets targets() const { return {targets_.top(targets_.data == nullptr ? 0 : current_), weights_}; }

  Backend& backend_;
  LayerVerbs& verbs_;
  LossFunction loss_;
  StepOptions options_;
  std::size_t current_ = 0;
  std::vector<Buffer> buffers_;                 // the memory behind the views below
  Matrix inputs_;                               // X, (rows, n_0)
  Matrix targets_;                              // T, (rows, n_L); empty for inference
  float* weights_ = nullptr;                    // (rows), where samples have weights
  std::unique_ptr<RandomDraws> draws_;          // null without dropout and augmentation
  std::optional<Augmentation> augmentation_;    // nothing where a step takes samples as they are
  std::vector<std::unique_ptr<Layer>> layers_;  // from the first to the last
};

/// How many of `samples` samples to propagate at once: few enough that the activations of all layers are about `floats`
/// numbers (a device's floats_at_once), and enough that a matrix product is efficient.
[[nodiscard]] std::size_t rows_at_once(std::span<const std::size_t> widths, std::size_t samples, std::size_t floats);

}  // namespace gradus::internal
