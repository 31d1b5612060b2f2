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

/// What a step of training is to do beside what the network says.
struct StepOptions {
  float dropout = 0.0F;  // the chance of each node of the hidden layers to be left out
  std::uint64_t seed = 0;
  bool has_weights = false;  // of the samples
  AugmentationPlan augmentation = {};
};

/// The plan of buffers of one step, and the order of the verbs. The parameters belong to the caller; nothing is allocated
/// after the constructor. Letters and formulas: docs/mathematics.md.
class Propagation {
 public:
  /// What buffers there are: for outputs alone, for them with their targets, or for gradients too.
  enum class Purpose { inference, evaluation, training };

  /// For at most `rows` samples at once.
  Propagation(Backend& backend, const NetworkSpec& network, Parameters& parameters, std::size_t rows, Purpose purpose,
              StepOptions options = {});

  [[nodiscard]] std::size_t rows() const { return rows_; }

  /// Makes the next `count` samples the current ones; at most rows(). With their targets where the plan has them. Where the
  /// images of the plan are distorted, samples are as they were read, without scaling. Samples that the plan changes are
  /// changed in each step, and `forward` alone does not see them.
  void load(Samples& samples, std::size_t count);

  /// Y_1 … Y_L of the current samples; for training with nodes left out.
  void forward();
  /// Y_L, (current samples, outputs).
  [[nodiscard]] ConstMatrix outputs() const { return activations_.back().top(current_); }
  [[nodiscard]] const LossFunction& loss() const { return loss_; }

  /// After `forward`, of a plan with targets: Backend::classify of the current samples.
  [[nodiscard]] double classify(std::span<std::int32_t> classes);

  /// One step of plain gradient descent along the current samples, at the backend's rate.
  void descend();
  /// gradients = beta · gradients + alpha · (the sum over the current samples); the parameters stay.
  void accumulate(Parameters& gradients, float alpha, float beta);

  /// Floats that the buffers take for `rows` samples.
  [[nodiscard]] static double floats(const NetworkSpec& network, std::size_t rows, Purpose purpose,
                                     const StepOptions& options = {});

 private:
  /// Forward, and Δ_L … Δ_1, all with the weights from before an update. biases_of(l) is what becomes of layer l's biases.
  template <typename BiasesOf>
  void backward(BiasesOf biases_of);

  [[nodiscard]] std::size_t layers() const { return parameters_.layers(); }
  [[nodiscard]] Activation activation(std::size_t layer) const {
    return layer == layers() ? output_activation_ : hidden_activation_;
  }

  [[nodiscard]] WeightedTargets targets() const { return {targets_.top(targets_.data == nullptr ? 0 : current_), weights_}; }
  [[nodiscard]] LayerOutputs outputs_of(std::size_t layer) const {
    return {activations_[layer].top(current_), kept_[layer].data};
  }
  /// What the derivative of a layer's outputs is formed of.
  [[nodiscard]] DerivativeArgument argument(std::size_t layer) const {
    const auto& at = derivative_needs_input(activation(layer)) ? kept_ : activations_;
    return {at[layer].top(current_), omits() ? factors_[layer].data : nullptr};
  }

  [[nodiscard]] bool omits() const { return !dropped_.empty(); }
  /// What layer + 1 takes as its inputs.
  [[nodiscard]] Matrix inputs_from(std::size_t layer) const {
    return (omits() && layer > 0 ? dropped_ : activations_)[layer].top(current_);
  }
  [[nodiscard]] Dropout dropout(std::size_t layer) const {
    return {{options_.seed, RandomPurpose::dropout, static_cast<std::uint32_t>(layer)}, options_.dropout};
  }

  Backend& backend_;
  Parameters& parameters_;
  Activation hidden_activation_;
  Activation output_activation_;
  LossFunction loss_;
  std::size_t rows_;
  std::size_t current_ = 0;
  std::vector<Buffer> buffers_;      // the memory behind the views below
  std::vector<Matrix> activations_;  // Y_0 … Y_L, (rows, n_l)
  std::vector<Matrix> kept_;         // beside them, where something is kept; else without data
  std::vector<Matrix> dropped_;      // Y_l without the nodes left out at 1 … L−1, (rows, n_l); where any are
  std::vector<Matrix> factors_;      // by which it was multiplied for that
  std::vector<Matrix> errors_;       // Δ_1 … Δ_L at 1 … L, (rows, n_l); for training alone
  Matrix targets_;                   // T, (rows, n_L); empty for inference
  float* weights_ = nullptr;         // (rows), where samples have weights
  StepOptions options_;
  std::unique_ptr<Visits> visits_;            // where anything is drawn for them
  std::optional<Augmentation> augmentation_;  // where samples are changed
};

/// How many samples to take at once out of `samples`: few enough that one activation of each layer is about `floats` numbers
/// (a device's floats_at_once), and enough that a matrix product is efficient.
[[nodiscard]] std::size_t rows_at_once(std::span<const std::size_t> widths, std::size_t samples, std::size_t floats);

}  // namespace gradus::internal
