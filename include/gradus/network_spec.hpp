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

/// How the weights start. Biases start at 0, except with `normal`, which draws them too.
/// - `xavier`: uniform in ±√(6 / (inputs + outputs)) of the layer (Glorot and Bengio 2010)
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

/// A fully connected network: the width of each layer, and the functions of its nodes.
struct GRADUS_EXPORT NetworkSpec {
  std::size_t inputs = 0;                       ///< 0: as many as the data has features
  std::vector<std::size_t> hidden{30};          ///< widths of the hidden layers; empty for none
  std::size_t outputs = 0;                      ///< 0: as many as the data has classes or targets
  Activation activation = Activation::sigmoid;  ///< of the hidden layers
  /// Of the output layer; by default what the loss needs (softmax, sigmoid), else sigmoid for classification, identity for
  /// regression.
  std::optional<Activation> output_activation = std::nullopt;
  Loss loss = Loss::mse;
  /// With `cross_entropy`: the target of a sample's class is 1 − s + s/K instead of 1, and s/K instead of 0, of K classes
  /// (Szegedy et al. 2016). 0 ≤ s < 1.
  double label_smoothing = 0.0;
  double huber_delta = 1.0;  ///< δ > 0 of `huber`, in the units in which the network is trained

  /// {inputs, hidden…, outputs}: n_0 … n_L.
  [[nodiscard]] std::vector<std::size_t> widths() const;
  /// Weights and biases. Throws UsageError when the count does not fit into 63 bits.
  [[nodiscard]] std::size_t parameter_count() const;

  bool operator==(const NetworkSpec&) const = default;
};

}  // namespace gradus
