#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "gradus/dataset.hpp"
#include "gradus/training_options.hpp"
#include "support/column_statistics.hpp"

namespace gradus::internal {

/// How values are scaled before the network sees them, and back: scaled = (value − shift) · scale. A scale of 0 stands for a
/// column that was constant in the training part: it tells nothing, and becomes 0 whatever it holds later.
struct Preprocessing {
  Normalization normalization = Normalization::none;  ///< of the inputs, resolved: never `automatic`
  std::vector<float> input_shift;                     // (features)
  std::vector<float> input_scale;                     // (features)
  std::vector<float> target_shift;                    // (targets); empty for classification
  std::vector<float> target_scale;                    // (targets)

  /// An output of the network in the user's units.
  [[nodiscard]] float restore_target(float scaled, std::size_t column) const {
    return target_scale[column] == 0.0F ? target_shift[column] : scaled / target_scale[column] + target_shift[column];
  }

  bool operator==(const Preprocessing&) const = default;
};

/// Another way to the statistics of the input columns, such as a GPU; nothing when it cannot.
using MeasureInputs = std::function<std::optional<std::vector<ColumnStatistics>>()>;

/// Learns the scaling from the training part.
[[nodiscard]] Preprocessing learn_preprocessing(const Dataset& train, Normalization normalization,
                                                const MeasureInputs& elsewhere = {});

}  // namespace gradus::internal
