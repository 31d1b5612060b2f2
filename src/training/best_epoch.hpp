#pragma once

#include <cstddef>
#include <optional>

#include "gradus/evaluation.hpp"
#include "gradus/metrics.hpp"
#include "gradus/monitor.hpp"

namespace gradus::internal {

/// Which epoch of a run did best on its validation set: the first of equals. NaN is never better.
class BestEpoch {
 public:
  explicit BestEpoch(Monitor monitor) : metric_(&metric_of(monitor)) {}

  /// Takes the next epoch; returns whether it is better than all before.
  bool add(const Evaluation& evaluation);
  /// The best epoch, counted from 1; nothing before the first one with a metric that is not NaN.
  [[nodiscard]] std::optional<std::size_t> epoch() const { return epoch_; }
  /// Epochs after the best one.
  [[nodiscard]] std::size_t epochs_since() const { return epochs_ - epoch_.value_or(0); }
  /// Whether the best epoch's metric is at least as good as this value.
  [[nodiscard]] bool reaches(double value) const;
  /// The last epoch's metric, the smaller the better: one of which more is better has its sign changed.
  [[nodiscard]] double last() const { return last_; }

 private:
  [[nodiscard]] double sign() const { return metric_->larger_is_better ? -1.0 : 1.0; }

  const Metric* metric_;
  std::size_t epochs_ = 0;
  std::optional<std::size_t> epoch_;
  double best_ = 0.0;
  double last_ = 0.0;
};

}  // namespace gradus::internal
