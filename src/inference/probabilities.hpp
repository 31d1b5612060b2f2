#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "gradus/dataset.hpp"
#include "inference/class_metrics.hpp"

namespace gradus::internal {

/// {k, the fraction of the samples whose class is among the k largest outputs}, for k of 2, 3 and 5 below the number of
/// classes.
[[nodiscard]] std::vector<std::pair<std::size_t, double>> top_k_accuracies(const Answers& answers);

struct ProbabilityMetrics {
  double log_loss = 0.0;
  double calibration_error = 0.0;
};

/// Log loss and expected calibration error of outputs that are probabilities once they are divided by their sum.
[[nodiscard]] ProbabilityMetrics probability_metrics(const Answers& answers);

/// The mean over samples and labels of −ln of the probability of what is true. `outputs`: (samples, labels) row-major, each
/// the probability of a label.
[[nodiscard]] double log_loss_of_labels(std::span<const float> outputs, const Dataset& data);

}  // namespace gradus::internal
