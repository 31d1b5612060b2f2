#pragma once

#include <cstddef>
#include <optional>

#include "gradus/model.hpp"
#include "gradus/training_options.hpp"

namespace gradus::internal {

/// Which epoch of a run did best on its validation part. Of equals it is the first; NaN is never better.
class BestEpoch {
 public:
  explicit BestEpoch(Monitor monitor) : monitor_(monitor) {}

  /// The next epoch; returns whether it is the best so far.
  bool add(const Evaluation& evaluation);
  /// Counted from 1; nothing before the first that can be compared.
  [[nodiscard]] std::optional<std::size_t> epoch() const { return epoch_; }
  /// Epochs after the best one.
  [[nodiscard]] std::size_t epochs_since() const { return epochs_ - epoch_.value_or(0); }
  /// Whether the best figure is at least as good as this one.
  [[nodiscard]] bool reaches(double figure) const;
  /// The last epoch's figure, the smaller the better: accuracy with its sign changed.
  [[nodiscard]] double last() const { return last_; }

 private:
  [[nodiscard]] double sign() const { return monitor_ == Monitor::accuracy ? -1.0 : 1.0; }

  Monitor monitor_;
  std::size_t epochs_ = 0;
  std::optional<std::size_t> epoch_;
  double best_ = 0.0;
  double last_ = 0.0;
};

}  // namespace gradus::internal
