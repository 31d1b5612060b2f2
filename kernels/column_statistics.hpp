#pragma once

#include <limits>

namespace gradus::kernels {

/// What one pass over a column learns. Sums are of differences from the first value: those of a constant column are exactly
/// 0, and a large mean costs no digits of a small deviation. NaN in a column makes its sums NaN; its least and greatest are
/// those of the numbers.
struct ColumnStatistics {
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  double first = 0.0;
  double sum = 0.0;              ///< of (value − first)
  double squares = 0.0;          ///< of (value − first)²
  double least = kInfinity;      ///< of values
  double greatest = -kInfinity;  ///< of values
};

}  // namespace gradus::kernels
