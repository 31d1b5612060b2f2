#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "backend/backend.hpp"
#include "backend/derivative_argument.hpp"
#include "backend/layer_verbs.hpp"
#include "backend/matrix_view.hpp"
#include "formulas/dropout.hpp"
#include "layers/layer_spec.hpp"

namespace gradus::internal {

/// What a network is run for: `inference` computes outputs, `evaluation` also needs targets, and `training` also gradients.
enum class Purpose : std::uint8_t { inference, evaluation, training };

/// How a layer is used in a network. Its buffers follow from this.
struct LayerUse {
  std::size_t rows = 0;  ///< samples at once, at most
  Purpose purpose = Purpose::inference;
  bool loss_reads_kept = false;                   ///< the loss follows, and reads LayerOutputs::kept (needs_kept)
  std::optional<Dropout> dropout = std::nullopt;  ///< of its outputs; in training only

  [[nodiscard]] bool has_dropout() const { return dropout && purpose == Purpose::training; }
};

/// How a layer updates its parameters, or their gradients, from its error terms.
struct ParameterUpdate {
  enum class Kind : std::uint8_t {
    gradient,  ///< gradients = beta · gradients + alpha · (the sum over the current samples)
    descent,   ///< one step of plain gradient descent, at the device's rate, without gradients
  };

  Kind kind = Kind::descent;
  std::span<const Matrix> gradients = {};  ///< of the layer's tensors; empty for `descent`
  float alpha = 1.0F;                      ///< for `gradient`
  float beta = 0.0F;                       ///< for `gradient`; 0: what the gradients held does not matter
};

/// Where a layer's error terms go, and what is needed to compute them: Δ_l = ∂c/∂Y_l ⊙ σ′ (and ⊙ the factors of dropout),
/// where c is the loss of a sample. The layer after it, or the loss, computes them, so that a device does so in one pass
/// over memory. The biases are updated in the same pass.
struct ErrorTerms {
  Matrix delta;                 ///< (B, n_l)
  Activation activation;        ///< the σ of σ′
  DerivativeArgument argument;  ///< (B, n_l); the loss reads Layer::outputs instead
  BiasUpdate biases = {};
};

/// One layer of a network on a device, with its buffers; the parameters belong to the caller. B is the number of rows of the
/// inputs last given. A step calls `forward` from the first layer to the last. Then error terms are computed from the last
/// layer to the first, with the weights from before the update; and then `update` is called for each layer. A layer must be
/// destroyed before its backend.
class Layer {
 public:
  Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;
  virtual ~Layer() = default;

  /// Computes the outputs of `x`, (B, n_{l-1}), which must stay valid until `update`. Returns the inputs of the next layer,
  /// (B, n_l); in training, dropout is applied to these.
  virtual Matrix forward(ConstMatrix x) = 0;
  /// The outputs without dropout, after `forward`: predictions, and what the loss reads.
  [[nodiscard]] virtual LayerOutputs outputs() const = 0;
  /// Training only: where this layer's error terms go, and what is needed to compute them. After `forward`.
  [[nodiscard]] virtual ErrorTerms error_terms(const ParameterUpdate& update) const = 0;
  /// Training only: computes the error terms of the layer before it, once its own are complete. Not called for the first
  /// layer.
  virtual void backward(const ErrorTerms& before) = 0;
  /// Training only: updates the parameters that were not updated with the error terms; for a dense layer, the weights.
  virtual void update(const ParameterUpdate& update) = 0;
};

/// Makes a layer with these parameters: a matrix for each of spec.tensors(). `backend`, the matrices and `draws` must
/// outlive the layer. `draws` may be null unless the layer has dropout. Throws OutOfMemory.
[[nodiscard]] std::unique_ptr<Layer> make_layer(Backend& backend, const LayerSpec& spec, const LayerUse& use,
                                                std::span<const Matrix> parameters, RandomDraws* draws);

/// How many floats a layer's buffers take for each sample.
[[nodiscard]] std::size_t floats_per_sample(const LayerSpec& spec, const LayerUse& use);

}  // namespace gradus::internal
