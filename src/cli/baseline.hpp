#pragma once

#include <cstddef>

#include "gradus/dataset.hpp"

namespace gradus::cli {

/// What can be had without learning: always the training part's most frequent class or answer, or its mean. A network that
/// does no better has learnt nothing.
struct Baseline {
  std::size_t most_frequent_class = 0;  ///< classification
  double accuracy = 0.0;                ///< classification, a fraction
  double label_accuracy = 0.0;          ///< multi-label: a fraction of all labels, each always there or never
  double rmse = 0.0;                    ///< regression, over all values
};

/// Learnt from `train`, measured on `measured`.
[[nodiscard]] Baseline baseline(const Dataset& train, const Dataset& measured);

}  // namespace gradus::cli
