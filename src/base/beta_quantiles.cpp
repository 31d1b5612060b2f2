#include "base/beta_quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gradus::internal {

// The density is ∝ (x (1 − x))^(α−1), which has no bound at 0 for α < 1. So x is taken as v^(1/p) with p = min(α, 1): then
// the density of v is ∝ x^(α−p) (1 − x)^(α−1), which has one on [0, ½^p] for every α.
SymmetricQuantiles beta_quantiles(double alpha) {
  constexpr std::size_t kSteps = 1 << 15;
  const double power = std::min(alpha, 1.0);
  const double end = std::pow(0.5, power);
  const double step = end / kSteps;
  const auto x_of = [power](double v) { return std::pow(v, 1.0 / power); };
  // By logarithms, relative to the density at ½: its powers may be beyond any number.
  const auto density = [&](double v) {
    const double x = x_of(v);
    if (x == 0.0) return alpha > power ? 0.0 : std::exp((alpha - 1.0) * std::log(2.0));
    return std::exp((alpha - power) * std::log(2.0 * x) + (alpha - 1.0) * std::log(2.0 * (1.0 - x)));
  };
  std::vector<double> part(kSteps + 1);  // of the probability below v, by the trapezoidal rule
  for (std::size_t i = 1; i <= kSteps; ++i)
    part[i] = part[i - 1] + 0.5 * (density(static_cast<double>(i - 1) * step) + density(static_cast<double>(i) * step));
  SymmetricQuantiles quantiles;
  for (std::size_t k = 0, i = 1; k <= SymmetricQuantiles::kIntervals; ++k) {
    const double wanted = part[kSteps] * static_cast<double>(k) / SymmetricQuantiles::kIntervals;
    while (i < kSteps && part[i] < wanted) ++i;
    const double width = part[i] - part[i - 1];
    const double within = width > 0.0 ? std::clamp((wanted - part[i - 1]) / width, 0.0, 1.0) : 0.0;
    quantiles.at[k] = static_cast<float>(std::min(0.5, x_of((static_cast<double>(i - 1) + within) * step)));
  }
  quantiles.at[SymmetricQuantiles::kIntervals] = 0.5F;
  return quantiles;
}

}  // namespace gradus::internal
