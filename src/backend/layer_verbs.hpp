#pragma once

#include <cstdint>
#include <span>
#include <type_traits>

#include "backend/derivative_argument.hpp"
#include "backend/loss.hpp"
#include "backend/matrix_view.hpp"
#include "backend/weighted_targets.hpp"
#include "gradus/network_spec.hpp"

namespace gradus::internal {

/// How a layer's biases b are updated by s, the column sums of the layer's error terms Δ.
struct BiasUpdate {
  enum class Kind : std::uint8_t {
    none,
    gradient,  ///< G_b = beta · G_b + alpha · s, where G_b is `values`; with beta = 0 what it held does not matter
    descent,   ///< b −= rate/B · s, where b is `values`
  };

  Kind kind = Kind::none;
  std::span<float> values = {};  // (n_l)
  float alpha = 1.0F;
  float beta = 0.0F;

  static BiasUpdate gradient(std::span<float> values, float alpha, float beta) {
    return {Kind::gradient, values, alpha, beta};
  }
  static BiasUpdate descent(std::span<float> values) { return {Kind::descent, values}; }
};

/// A layer's outputs. `kept` (the same shape), or null: what its derivative or its loss needs beside them, i.e. A or, of
/// softmax, ln Y.
template <typename T>
struct LayerOutputsView {
  MatrixView<T> y;
  T* kept = nullptr;

  LayerOutputsView(MatrixView<T> outputs, T* beside = nullptr) : y(outputs), kept(beside) {}
  LayerOutputsView(Matrix outputs) requires std::is_const_v<T> : y(outputs) {}
  operator LayerOutputsView<const T>() const { return {y, kept}; }
};
using LayerOutputs = LayerOutputsView<float>;
using ConstLayerOutputs = LayerOutputsView<const float>;

/// The operations of which layers are made ("verbs"), and what all layers of a network share: the loss, the learning rate
/// and the running total of costs. Each is as large as what a device can fuse into one pass over memory.
class LayerVerbs {
 public:
  LayerVerbs() = default;
  LayerVerbs(const LayerVerbs&) = delete;
  LayerVerbs& operator=(const LayerVerbs&) = delete;
  virtual ~LayerVerbs() = default;

  /// Y = σ(X Wᵀ + b), and what is to be kept. `x` (B, n_{l-1}), `w` (n_l, n_{l-1}), `b` (n_l), `y` (B, n_l).
  virtual void forward(ConstMatrix x, ConstMatrix w, std::span<const float> b, Activation activation, LayerOutputs y) = 0;

  /// Δ_L, and adds the batch's cost, the sum of the loss over its samples, to the running total; both times the samples'
  /// weights. `y`, `t`, `delta` (B, n_L). The biases follow at once: no error term depends on them.
  virtual void output_error(ConstLayerOutputs y, const ConstWeightedTargets& t, const LossFunction& loss,
                            Activation activation, Matrix delta, const BiasUpdate& biases) = 0;

  /// Δ_l = (Δ_{l+1} W_{l+1}) ⊙ σ′, and ⊙ the factors of dropout if there are any. `delta_next` (B, n_{l+1}), `w_next`
  /// (n_{l+1}, n_l), `argument` and `delta` (B, n_l). The biases follow at once.
  virtual void hidden_error(ConstMatrix delta_next, ConstMatrix w_next, const DerivativeArgument& argument,
                            Activation activation, Matrix delta, const BiasUpdate& biases) = 0;

  /// G_W = beta · G_W + alpha · Δᵀ X. `x` (B, n_{l-1}), `delta` (B, n_l), `grad_w` (n_l, n_{l-1}). With beta = 0 what the
  /// gradient held does not matter.
  virtual void gradient(ConstMatrix x, ConstMatrix delta, float alpha, float beta, Matrix grad_w) = 0;

  /// Plain gradient descent without a gradient buffer: W −= α/B · Δᵀ X.
  virtual void descend(ConstMatrix x, ConstMatrix delta, Matrix w) = 0;

  /// The rate α of descents and of optimizers from now on. Kept on the device, so that a step can be repeated as it is while
  /// the rate changes.
  virtual void set_rate(float rate) = 0;

  /// The predicted classes of a batch, i.e. the index of each sample's largest output (the first of equal ones, like
  /// std::max_element). Returns the batch's cost as output_error defines it, and does not add it to the running total. `y`,
  /// `t` (B, n_L); `classes` (B), on the host. Waits for the device.
  [[nodiscard]] virtual double classify(ConstLayerOutputs y, ConstMatrix t, const LossFunction& loss,
                                        std::span<std::int32_t> classes) = 0;

  /// The running total of output_error's costs since the last call, which starts it again at 0. Waits for the device.
  virtual double take_cost() = 0;
};

}  // namespace gradus::internal
