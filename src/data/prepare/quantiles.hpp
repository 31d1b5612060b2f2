#pragma once

#include <vector>

namespace gradus::internal {

/// A rising map, linear between its points and constant beyond them. Without points: the value itself.
struct QuantileMap {
  std::vector<float> from;  // rising
  std::vector<float> to;    // as many

  [[nodiscard]] bool empty() const { return from.empty(); }
  [[nodiscard]] float operator()(float value) const;

  bool operator==(const QuantileMap&) const = default;
};

/// Maps the values' distribution to the standard normal one, by at most 256 of its quantiles. Where many values are equal,
/// they become the mean of what their ranks would. `values` are finite; their order is lost.
[[nodiscard]] QuantileMap learn_quantiles(std::vector<float>& values);

}  // namespace gradus::internal
