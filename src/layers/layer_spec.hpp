#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "gradus/network_spec.hpp"

namespace gradus {

/// One layer's parameters on the host: the values of each of its tensors, row-major, in the order of LayerSpec::tensors.
using LayerParameters = std::vector<std::vector<float>>;

}  // namespace gradus

namespace gradus::internal {

/// One tensor of trained parameters of a layer.
struct TensorSpec {
  /// What it starts with. Formulas: docs/mathematics.md, "Initial values".
  enum class Start : std::uint8_t {
    weights,  ///< drawn as the Initialization says, from the layer's inputs and outputs
    biases,   ///< 0, but drawn where the Initialization draws biases
  };

  std::string_view name;           ///< within its layer, as a model file writes it
  std::vector<std::size_t> shape;  ///< row-major; not empty
  Start start = Start::weights;
  /// Whether it is a weight to optimizers: weight decay and the penalties of l1 and l2 apply, and lamb gives it a rate of
  /// its own.
  bool decays = true;

  /// The first dimension; 1 for a vector.
  [[nodiscard]] std::size_t rows() const { return shape.size() > 1 ? shape.front() : 1; }
  [[nodiscard]] std::size_t size() const;
};

/// A description of a layer, without a device. A layer is made (make_layer), initialised (initial_values) and saved
/// (model_file.hpp) from it.
struct LayerSpec {
  /// - `dense`: Y = σ(X Wᵀ + b), with `weight` W, (outputs, inputs), and `bias` b, (outputs)
  enum class Kind : std::uint8_t { dense };

  Kind kind = Kind::dense;
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  Activation activation = Activation::identity;

  /// Its trained parameters, in the order in which all of Gradus lists them.
  [[nodiscard]] std::vector<TensorSpec> tensors() const;
};

/// Indices of a dense layer's tensors in LayerSpec::tensors.
struct DenseTensors {
  static constexpr std::size_t kWeight = 0;
  static constexpr std::size_t kBias = 1;
};

/// The layers of a network, from the first to the last. Its inputs and outputs must be set, and its output activation unless
/// only the tensors matter.
[[nodiscard]] std::vector<LayerSpec> layers_of(const NetworkSpec& network);

/// Dense layers without an activation, of the widths n_0 … n_L.
[[nodiscard]] std::vector<LayerSpec> dense_layers(std::span<const std::size_t> widths);

}  // namespace gradus::internal
