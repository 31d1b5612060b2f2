#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "gradus/names.hpp"

// Activations, losses and optimizers. Every kind of device computes all of them; docs/methods.md has the formulas.
namespace gradus {

/// The activation function of a layer's units, y = σ(a). docs/methods.md has the formulas and their derivatives.
/// - `scaled_tanh`: 1.7159 tanh(2a/3) (LeCun et al. 1998)
/// - `leaky_relu`: a, or 0.01 a below 0; `elu`: a, or e^a − 1 below 0
/// - `gelu`: a Φ(a), where Φ is the distribution function of N(0, 1); `silu`: a / (1 + e^{-a}); `softplus`: ln(1 + e^a)
/// - `softmax`: e^a divided by its sum over the layer's units; for the output layer only, with `Loss::cross_entropy`
enum class Activation : std::uint8_t {
  identity,
  sigmoid,
  tanh,
  relu,
  scaled_tanh,
  leaky_relu,
  elu,
  gelu,
  silu,
  softplus,
  softmax
};

template <>
inline constexpr std::array<std::string_view, 11> kNames<Activation>{
    "identity", "sigmoid", "tanh", "relu", "scaled-tanh", "leaky-relu", "elu", "gelu", "silu", "softplus", "softmax"};

/// The loss of one sample: a sum over the outputs y with targets t. Training minimises its mean over the samples, the cost.
/// Logarithms are natural.
/// - `mse`: ½ Σ (t − y)²
/// - `cross_entropy`: −Σ t ln y, of softmax outputs; for classification
/// - `binary_cross_entropy`: −Σ (t ln y + (1 − t) ln(1 − y)), of sigmoid outputs; for multi-label data, and for
/// classes that are judged separately
/// - `huber`: Σ of ½ e² where e = |t − y| ≤ δ, otherwise of δ (e − δ/2) (Huber 1964)
/// - `mae`: Σ |t − y|
enum class Loss : std::uint8_t { mse, cross_entropy, binary_cross_entropy, huber, mae };

template <>
inline constexpr std::array<std::string_view, 5> kNames<Loss>{"mse", "cross-entropy", "binary-cross-entropy", "huber",
                                                              "mae"};

/// How parameters p change by their gradients g with the learning rate α. docs/methods.md has the formulas.
/// - `sgd`: p −= α g
/// - `momentum`: v = μ v + g, p −= α v (Polyak 1964); `nesterov`: p −= α (g + μ v) (Sutskever et al. 2013)
/// - `rmsprop`: s = β₂ s + (1 − β₂) g², p −= α g / (√s + ε) (Tieleman and Hinton 2012)
/// - `adam`: means of g (β₁) and g² (β₂), corrected for their start at 0 (Kingma and Ba 2015)
/// - `adamw`: the same, with a weight decay of 0.01 unless another is given (Loshchilov and Hutter 2019)
/// - `lamb`: Adam's direction, scaled for each weight matrix to the norm of the matrix; for large batches (You et al. 2020)
enum class Optimizer : std::uint8_t { sgd, momentum, nesterov, rmsprop, adam, adamw, lamb };

template <>
inline constexpr std::array<std::string_view, 7> kNames<Optimizer>{"sgd",  "momentum", "nesterov", "rmsprop",
                                                                   "adam", "adamw",    "lamb"};

}  // namespace gradus
