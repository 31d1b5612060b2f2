#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/export.hpp"
#include "gradus/methods.hpp"
#include "gradus/names.hpp"

namespace gradus {

/// The initial weights. Biases start at 0, except with `normal`, which draws them too.
/// - `xavier`: uniform in ±√(6 / (inputs + outputs)), where these are the layer's (Glorot and Bengio 2010)
/// - `normal`: N(0, 1)
/// - `he`: N(0, 2 / inputs) (He et al. 2015)
/// - `uniform`: uniform in ±range
struct GRADUS_EXPORT Initialization {
  enum class Kind : std::uint8_t { xavier, normal, he, uniform };

  Kind kind = Kind::xavier;
  double range = 0.0;  ///< for `uniform` only

  /// `xavier`, `normal`, `he` or `uniform:R` with R > 0. Throws UsageError for anything else.
  static Initialization parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;

  bool operator==(const Initialization&) const = default;
};

template <>
inline constexpr std::array<std::string_view, 4> kNames<Initialization::Kind>{"xavier", "normal", "he", "uniform"};
template <>
inline constexpr std::array<std::string_view, 4> kForms<Initialization::Kind>{"xavier", "normal", "he", "uniform:R"};

/// A fully connected network: the width of each layer, the activations and the loss.
struct GRADUS_EXPORT NetworkSpec {
  std::size_t inputs = 0;                       ///< 0: as many as the data needs (DataSchema::inputs)
  std::vector<std::size_t> hidden{30};          ///< widths of the hidden layers; empty for none
  std::size_t outputs = 0;                      ///< 0: as many as the data needs (DataSchema::outputs)
  Activation activation = Activation::sigmoid;  ///< of the hidden layers
  /// The activation of the output layer. By default it is the one that the loss needs (softmax or sigmoid); for other losses
  /// sigmoid for classification and multi-label data, identity for regression.
  std::optional<Activation> output_activation = std::nullopt;
  Loss loss = Loss::mse;
  /// s, with `cross_entropy` and K classes: the target of a sample's class is 1 − s + s/K instead of 1, and that of the
  /// others s/K instead of 0 (Szegedy et al. 2016). 0 ≤ s < 1.
  double label_smoothing = 0.0;
  double huber_delta = 1.0;  ///< δ > 0 of `huber`, in the units in which the network is trained

  /// The widths {inputs, hidden…, outputs}: n_0 … n_L.
  [[nodiscard]] std::vector<std::size_t> widths() const;
  /// The number of weights and biases. Throws UsageError if it does not fit into 63 bits.
  [[nodiscard]] std::size_t parameter_count() const;

  bool operator==(const NetworkSpec&) const = default;
};

}  // namespace gradus
