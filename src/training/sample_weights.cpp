#include "training/sample_weights.hpp"

#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal {

std::vector<float> sample_weights(const Dataset& train, const std::vector<double>& class_weights) {
  if (!train.has_weights() && class_weights.empty()) return {};
  std::vector<double> weights(train.samples());
  double sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<double>(train.weight(i));
    if (!class_weights.empty()) weights[i] *= class_weights[static_cast<std::size_t>(train.class_index(i))];
    sum += weights[i];
  }
  if (!(sum > 0.0 && std::isfinite(sum)))
    throw DataError(fmt::format("{}: the weights of the training samples add up to {}", train.source(), sum));
  const double mean = sum / static_cast<double>(weights.size());
  std::vector<float> scaled;
  scaled.reserve(weights.size());
  for (const double weight : weights) scaled.push_back(static_cast<float>(weight / mean));
  return scaled;
}

}  // namespace gradus::internal
