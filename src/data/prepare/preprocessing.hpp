#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "data/prepare/quantiles.hpp"
#include "formulas/column_statistics.hpp"
#include "gradus/dataset.hpp"
#include "gradus/normalization.hpp"

namespace gradus::internal {

/// What becomes of values before the network sees them, and back. Features become inputs (InputEncoder), and inputs are
/// scaled: (value − shift) · scale. A scale of 0 marks an input that was constant in the training set: it carries no
/// information, and becomes 0 whatever it holds later.
struct Preprocessing {
  Normalization normalization = Normalization::none;  ///< of the inputs, resolved: never `automatic`
  std::vector<float> missing_values;   // (features): what replaces a missing one; empty where none may be missing
  std::vector<QuantileMap> quantiles;  // (features): of numbers, for the normalization `quantile`; else empty
  std::vector<float> input_shift;      // (inputs)
  std::vector<float> input_scale;      // (inputs)
  std::vector<float> target_shift;     // (targets); empty for classification
  std::vector<float> target_scale;     // (targets)

  /// An output of the network in the user's units.
  [[nodiscard]] float restore_target(float scaled, std::size_t column) const {
    return target_scale[column] == 0.0F ? target_shift[column] : scaled / target_scale[column] + target_shift[column];
  }

  bool operator==(const Preprocessing&) const = default;
};

/// Another way to the statistics of the input columns, such as a GPU; nothing when it cannot.
using MeasureInputs = std::function<std::optional<std::vector<ColumnStatistics>>()>;

/// Whether the values of one input may later be found in the place of another, as those of distorted images are.
enum class InputPlaces : std::uint8_t { fixed, exchanged };

/// Learns it from the training set. `elsewhere` is asked only where each feature is an input as it is. Inputs whose places
/// are exchanged are scaled alike by `automatic`.
[[nodiscard]] Preprocessing learn_preprocessing(const Dataset& train, Normalization normalization,
                                                const MeasureInputs& elsewhere = {},
                                                InputPlaces places = InputPlaces::fixed);

}  // namespace gradus::internal
