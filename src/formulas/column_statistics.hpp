#pragma once

#include <algorithm>
#include <limits>

namespace gradus::internal {

/// What one pass over a column learns. Sums are of differences from the first value: those of a constant column are exactly
/// 0, and a large mean costs no digits of a small deviation. NaN in a column makes its sums NaN; its least and greatest are
/// those of the numbers.
struct ColumnStatistics {
  double first = 0.0;
  double sum = 0.0;      ///< of (value − first)
  double squares = 0.0;  ///< of (value − first)²
  double least = std::numeric_limits<double>::infinity();
  double greatest = -std::numeric_limits<double>::infinity();

  void add(double value) {
    const double difference = value - first;
    sum += difference;
    squares += difference * difference;
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
};

}  // namespace gradus::internal
