#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "backend/loss.hpp"
#include "data/prepare/preprocessing.hpp"
#include "gradus/dataset.hpp"
#include "gradus/evaluation.hpp"

namespace gradus::internal {

/// Adds up how well outputs fit their targets, chunk by chunk, in double.
class Score {
 public:
  Score(const DataSchema& schema, const Preprocessing& preprocessing, const LossFunction& loss);

  /// Classification: the class indices that were predicted for the samples `first` … of `data`, and the sum of their costs.
  void add_classes(const Dataset& data, std::size_t first, std::span<const std::int32_t> classes, double cost);
  /// Multi-label: the `outputs` for the samples `first` … of `data`, (samples, labels) row-major, and the sum of
  /// their costs.
  void add_labels(const Dataset& data, std::size_t first, std::span<const float> outputs, double cost);
  /// Regression: the `outputs` for the samples `first` … of `data`, (samples, outputs) row-major, in the network's units.
  void add_outputs(const Dataset& data, std::size_t first, std::span<const float> outputs);
  [[nodiscard]] Evaluation evaluation() const;

 private:
  /// One regression target, in the user's units.
  struct TargetSums {
    double first = 0.0;          // differences from the first value lose no digits to a large mean
    double sum = 0.0;            // of t − first
    double squares = 0.0;        // of t − first
    double error_squares = 0.0;  // of y − t
    double error_sizes = 0.0;    // of |y − t|
  };

  void add_output(const Dataset& data, std::size_t sample, std::span<const float> outputs);

  const Preprocessing& preprocessing_;
  LossFunction loss_;
  std::size_t classes_ = 0;
  Evaluation sums_;
  double cost_ = 0.0;  // in the network's units
  std::size_t correct_labels_ = 0;
  std::vector<TargetSums> targets_;
};

/// The class with the largest output, the first of equals.
[[nodiscard]] std::int32_t predicted_class(std::span<const float> outputs);

}  // namespace gradus::internal
