#pragma once

#include <span>

#include "gradus/dataset.hpp"
#include "gradus/metrics.hpp"
#include "gradus/model.hpp"

namespace gradus::internal {

/// The rows of `metrics()` that need Details::classes.
[[nodiscard]] std::span<const Metric> detail_metrics();

/// The detailed metrics of predictions that are known to be for these data, of classes or labels.
[[nodiscard]] ClassificationMetrics detailed_metrics(const NetworkSpec& network, const Predictions& predictions,
                                                     const Dataset& data);

}  // namespace gradus::internal
