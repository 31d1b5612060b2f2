#include "data/prepare/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace gradus::internal {
namespace {

/// z with Φ(z) = p, for p in (0, 1) not too near the ends, by halving: few are needed, and none needs to be quick.
double normal_quantile(double p) {
  double below = -8.0;
  double above = 8.0;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (below + above);
    (0.5 * std::erfc(-middle / std::numbers::sqrt2) < p ? below : above) = middle;
  }
  return 0.5 * (below + above);
}

/// What the k-th of `count` ranks becomes: symmetric, and 0 in the middle.
double normal_score(std::size_t k, std::size_t count) {
  const std::size_t opposite = count - 1 - k;
  if (k == opposite) return 0.0;
  const double p = (static_cast<double>(std::min(k, opposite)) + 0.5) / static_cast<double>(count);
  return k < opposite ? normal_quantile(p) : -normal_quantile(p);
}

/// The quantile of sorted values at the fraction `part` of the ranks.
double quantile(const std::vector<float>& sorted, double part) {
  const double rank = part * static_cast<double>(sorted.size() - 1);
  const auto lower = static_cast<std::size_t>(rank);
  const std::size_t upper = std::min(lower + 1, sorted.size() - 1);
  const auto low = static_cast<double>(sorted[lower]);
  return low + (rank - static_cast<double>(lower)) * (static_cast<double>(sorted[upper]) - low);
}

}  // namespace

float QuantileMap::operator()(float value) const {
  if (empty()) return value;
  const auto above = std::upper_bound(from.begin(), from.end(), value);
  if (above == from.begin()) return to.front();
  if (above == from.end()) return to.back();
  const auto i = static_cast<std::size_t>(above - from.begin());
  // In double, where the difference of two floats is finite.
  const auto low = static_cast<double>(from[i - 1]);
  const double part = (static_cast<double>(value) - low) / (static_cast<double>(from[i]) - low);
  return static_cast<float>(std::lerp(static_cast<double>(to[i - 1]), static_cast<double>(to[i]), part));
}

QuantileMap learn_quantiles(std::vector<float>& values) {
  constexpr std::size_t kMost = 256;
  QuantileMap map;
  if (values.empty()) return map;
  std::sort(values.begin(), values.end());
  const std::size_t count = std::min(kMost, values.size());
  double sum = 0.0;  // of the normal quantiles at one value
  std::size_t equals = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const double part = count > 1 ? static_cast<double>(k) / static_cast<double>(count - 1) : 0.0;
    const auto at = static_cast<float>(quantile(values, part));
    if (map.from.empty() || at > map.from.back()) {
      map.from.push_back(at);
      map.to.push_back(0.0F);
      sum = 0.0;
      equals = 0;
    }
    sum += normal_score(k, count);
    map.to.back() = static_cast<float>(sum / static_cast<double>(++equals));
  }
  return map;
}

}  // namespace gradus::internal
