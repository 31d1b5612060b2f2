#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gradus/dataset.hpp"

namespace gradus::testing_support {

/// Two classes of points on either side of a line, deterministic and not quite separable.
inline Dataset two_classes(std::size_t samples) {
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < samples; ++i) {
    const auto x = static_cast<float>(i * 7919 % 1000) / 1000.0F;
    const auto y = static_cast<float>(i * 104729 % 997) / 997.0F;
    inputs.insert(inputs.end(), {x, y});
    labels.push_back(x + y + (i % 17 == 0 ? 0.4F : 0.0F) > 1.0F ? 1 : 0);
  }
  return Dataset::classification(inputs, 2, labels, {"below", "above"});
}

/// y = 1000 x − 20000, in units that need scaling.
inline Dataset line_data(std::size_t samples) {
  std::vector<float> inputs;
  std::vector<float> targets;
  for (std::size_t i = 0; i < samples; ++i) {
    inputs.push_back(static_cast<float>(i));
    targets.push_back(1000.0F * static_cast<float>(i) - 20000.0F);
  }
  return Dataset::regression(inputs, 1, targets);
}

}  // namespace gradus::testing_support
