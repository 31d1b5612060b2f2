#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "formulas/column_statistics.hpp"
#include "gradus/normalization.hpp"

namespace gradus::internal {

/// scaled = (value − shift) · scale.
struct Scaling {
  float shift = 0.0F;
  float scale = 1.0F;
};

/// The scaling of a column of `count` values, by their range or by mean and deviation.
[[nodiscard]] inline Scaling scaling_of(const ColumnStatistics& column, std::size_t count, Normalization normalization) {
  // 0 for a constant column, and where the inverse is not a finite float.
  const auto inverse = [](double width) {
    const auto scale = static_cast<float>(1.0 / width);
    return width > 0.0 && std::isfinite(scale) ? scale : 0.0F;
  };
  if (normalization == Normalization::minmax)
    return {static_cast<float>(column.least), inverse(column.greatest - column.least)};
  const double mean = column.sum / static_cast<double>(count);
  const double variance = std::max(0.0, column.squares / static_cast<double>(count) - mean * mean);
  return {static_cast<float>(column.first + mean), inverse(std::sqrt(variance))};
}

}  // namespace gradus::internal
