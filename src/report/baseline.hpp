#pragma once

#include <cstddef>

#include "gradus/dataset.hpp"

namespace gradus::report {

/// The metrics of a constant prediction: the most frequent class of the training set, the more frequent state of each label,
/// or the mean of the targets. A network that is not better has learnt nothing.
struct Baseline {
  std::size_t most_frequent_class = 0;  ///< classification: a class index
  double accuracy = 0.0;                ///< classification, a fraction
  double label_accuracy = 0.0;          ///< multi-label: a fraction of all labels of all samples
  double rmse = 0.0;                    ///< regression, over all values
};

/// Learnt from `train`, measured on `measured`.
[[nodiscard]] Baseline baseline(const Dataset& train, const Dataset& measured);

}  // namespace gradus::report
