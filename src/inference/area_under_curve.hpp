#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace gradus::internal {

/// A quotient of counts, NaN for 0 by 0.
[[nodiscard]] inline double quotient(double count, double of) {
  return of > 0.0 ? count / of : std::numeric_limits<double>::quiet_NaN();
}

/// The area under the receiver operating characteristic, by the rank sum of Mann and Whitney, in which equal outputs share
/// their ranks. `output(sample)` and `is_positive(sample)` are asked for samples 0 … samples − 1; `order` is working space.
/// NaN when an output is NaN, or when all samples are of one kind.
template <typename Output, typename IsPositive>
double area_under_curve(std::size_t samples, Output output, IsPositive is_positive, std::vector<std::size_t>& order) {
  for (std::size_t sample = 0; sample < samples; ++sample)
    if (std::isnan(output(sample))) return std::numeric_limits<double>::quiet_NaN();  // there is no order
  order.resize(samples);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return output(a) < output(b); });
  double ranks = 0.0;
  double positives = 0.0;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    double tied_positives = 0.0;
    while (last < order.size() && output(order[last]) == output(order[first])) {
      if (is_positive(order[last])) tied_positives += 1.0;
      ++last;
    }
    ranks += tied_positives * 0.5 * static_cast<double>(first + 1 + last);
    positives += tied_positives;
    first = last;
  }
  const double negatives = static_cast<double>(samples) - positives;
  return quotient(ranks - 0.5 * positives * (positives + 1.0), positives * negatives);
}

}  // namespace gradus::internal
