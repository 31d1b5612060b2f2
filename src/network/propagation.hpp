#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "gradus/network_spec.hpp"
#include "network/augmentation.hpp"
#include "network/parameters.hpp"

namespace gradus::internal {

/// What a training step does in addition to propagation.
struct StepOptions {
  float dropout = 0.0F;  ///< the chance that a unit of a hidden layer is left out
  std::uint64_t seed = 0;
  bool has_weights = false;  ///< whether samples count differently
  AugmentationPlan augmentation = {};
};

/// The buffers of one step, and the order of the verbs. The parameters belong to the caller; nothing is allocated after the
/// constructor. Letters and formulas: docs/mathematics.md.
class Propagation {
 public:
  /// Which buffers there are: for outputs only, for outputs and targets, or for gradients too.
  enum class Purpose { inference, evaluation, training };

  /// For at most `rows` samples at once. `backend` and `parameters` must outlive it. Throws OutOfMemory.
  Propagation(Backend& backend, const NetworkSpec& network, Parameters& parameters, std::size_t rows, Purpose purpose,
              StepOptions options = {});

  [[nodiscard]] std::size_t rows() const { return rows_; }

  /// Makes the next `count` samples, at most rows(), the current ones, with their targets where there are buffers for these.
  /// `samples` are not scaled where images are distorted. What augmentation makes of them is made in each step, and not for
  /// `forward` alone.
  void load(Samples& samples, std::size_t count);

  /// Y_1 … Y_L of the current samples; for training with dropout.
  void forward();
  /// Y_L, (current samples, outputs).
  [[nodiscard]] ConstMatrix outputs() const { return activations_.back().top(current_); }
  [[nodiscard]] const LossFunction& loss() const { return loss_; }

  /// After `forward`, where there are targets: DenseVerbs::classify of the current samples.
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
  [[nodiscard]] Matrix allocate(std::size_t columns);
  void allocate_for_training(const NetworkSpec& network);

  /// Forward, and Δ_L … Δ_1, all with the weights from before an update. biases_of(l) is the BiasUpdate of layer l.
  template <typename BiasesOf>
  void backward(BiasesOf biases_of);

  [[nodiscard]] std::size_t layers() const { return parameters_.layers(); }
  [[nodiscard]] Activation activation(std::size_t layer) const {
    return layer == layers() ? output_activation_ : hidden_activation_;
  }

  [[nodiscard]] WeightedTargets targets() const { return {targets_.top(targets_.data == nullptr ? 0 : current_), weights_}; }
  [[nodiscard]] LayerOutputs outputs_of(std::size_t layer) const {
    return {activations_[layer].top(current_), cached_[layer].data};
  }
  /// What the derivative of a layer's activation is computed from.
  [[nodiscard]] DerivativeArgument argument(std::size_t layer) const {
    const auto& at = derivative_needs_input(activation(layer)) ? cached_ : activations_;
    return {at[layer].top(current_), has_dropout() ? dropout_factors_[layer].data : nullptr};
  }

  [[nodiscard]] bool has_dropout() const { return !dropout_outputs_.empty(); }
  /// The inputs of layer + 1.
  [[nodiscard]] Matrix inputs_from(std::size_t layer) const {
    return (has_dropout() && layer > 0 ? dropout_outputs_ : activations_)[layer].top(current_);
  }
  [[nodiscard]] Dropout dropout(std::size_t layer) const {
    return {{options_.seed, RandomPurpose::dropout, static_cast<std::uint32_t>(layer)}, options_.dropout};
  }

  Backend& backend_;
  DenseVerbs& dense_;
  Parameters& parameters_;
  Activation hidden_activation_;
  Activation output_activation_;
  LossFunction loss_;
  std::size_t rows_;
  std::size_t current_ = 0;
  std::vector<Buffer> buffers_;          // the memory behind the views below
  std::vector<Matrix> activations_;      // Y_0 … Y_L, (rows, n_l)
  std::vector<Matrix> cached_;           // A_l, or ln Y_L of softmax, (rows, n_l); without data where it is not needed
  std::vector<Matrix> dropout_outputs_;  // Y_l after dropout at 1 … L−1, (rows, n_l); empty without dropout
  std::vector<Matrix> dropout_factors_;  // by which dropout has multiplied Y_l, likewise
  std::vector<Matrix> errors_;           // Δ_1 … Δ_L at 1 … L, (rows, n_l); for training only
  Matrix targets_;                       // T, (rows, n_L); empty for inference
  float* weights_ = nullptr;             // (rows), where samples have weights
  StepOptions options_;
  std::unique_ptr<RandomDraws> draws_;        // null without dropout and augmentation
  std::optional<Augmentation> augmentation_;  // nothing where a step takes samples as they are
};

/// How many of `samples` samples to propagate at once: few enough that the activations of all layers are about `floats`
/// numbers (a device's floats_at_once), and enough that a matrix product is efficient.
[[nodiscard]] std::size_t rows_at_once(std::span<const std::size_t> widths, std::size_t samples, std::size_t floats);

}  // namespace gradus::internal
