#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "backend/dense_verbs.hpp"
#include "backend/derivative_argument.hpp"
#include "backend/matrix_view.hpp"
#include "backend/random_draws.hpp"
#include "layers/layer_spec.hpp"

namespace gradus::internal {

/// What a network is run for: only outputs, outputs and targets, or gradients too.
enum class Purpose : std::uint8_t { inference, evaluation, training };

/// How a layer is used in a network: what it keeps in memory follows from this.
struct LayerUse {
  std::size_t rows = 0;  ///< samples at once, at most
  Purpose purpose = Purpose::inference;
  bool ends_in_kept_loss = false;                 ///< the loss follows, and needs_kept says that it reads LayerOutputs::kept
  std::optional<Dropout> dropout = std::nullopt;  ///< of its outputs, in training

  [[nodiscard]] bool has_dropout() const { return dropout && purpose == Purpose::training; }
};

/// What a step makes of the error terms.
struct ParameterUpdate {
  enum class Kind : std::uint8_t {
    gradient,  ///< gradients = beta · gradients + alpha · (the sum over the current samples)
    descent,   ///< one step of plain gradient descent, at the device's rate, without gradients
  };

  Kind kind = Kind::descent;
  std::span<const Matrix> gradients = {};  ///< of the layer's tensors; empty for `descent`
  float alpha = 1.0F;
  float beta = 0.0F;
};

/// Where a layer wants its error terms Δ_l = ∂C/∂Y_l ⊙ σ′ (and ⊙ the factors of dropout), and from what: the layer after it,
/// or the loss, computes them, so that a device does so in one pass. The biases follow at once.
struct ErrorTerms {
  Matrix delta;                 ///< (B, n_l)
  Activation activation;        ///< the σ of σ′
  DerivativeArgument argument;  ///< (B, n_l)
  BiasUpdate biases = {};
};

/// One layer of a network on a device, with its buffers; the parameters belong to the caller. B is the number of rows of the
/// inputs last given. A step calls `forward` from the first layer to the last, then computes the error terms from the last
/// to the first, all with the parameters from before the update, and then calls `update`. It must be destroyed before the
/// backend.
class Layer {
 public:
  Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;
  virtual ~Layer() = default;

  /// The outputs of these inputs, (B, n_{l-1}), which stay where they are until `update`; in training after dropout.
  /// Returns what the next layer reads, (B, n_l).
  virtual Matrix forward(ConstMatrix x) = 0;
  /// What the loss reads, after `forward`.
  [[nodiscard]] virtual LayerOutputs outputs() const = 0;
  /// For training: where its error terms are to go, after `forward`.
  [[nodiscard]] virtual ErrorTerms error_terms(const ParameterUpdate& update) const = 0;
  /// For training: the error terms of the layer before it, once its own are there.
  virtual void backward(const ErrorTerms& before) = 0;
  /// For training: updates what `error_terms` has not updated.
  virtual void update(const ParameterUpdate& update) = 0;
};

/// How many floats a layer's buffers take for each sample.
[[nodiscard]] std::size_t floats_per_sample(const LayerSpec& spec, const LayerUse& use);

}  // namespace gradus::internal
