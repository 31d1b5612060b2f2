#include "training/learner_state.hpp"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

void require_equal(std::string_view what, std::size_t found, std::string_view owner, std::size_t expected) {
  if (found != expected)
    throw UsageError(fmt::format("the state has {} {}, and the {} has {}", found, what, owner, expected));
}

void require_sizes(std::string_view of, std::span<const LayerParameters> layers, std::span<const std::size_t> widths) {
  require_equal(fmt::format("layers{}", of), layers.size(), "network", widths.size() - 1);
  for (std::size_t l = 1; l < widths.size(); ++l) {
    const LayerParameters& layer = layers[l - 1];
    require_equal(fmt::format("weights{} in layer {}", of, l), layer.weights.size(), "network", widths[l] * widths[l - 1]);
    require_equal(fmt::format("biases{} in layer {}", of, l), layer.biases.size(), "network", widths[l]);
  }
}

}  // namespace

void require_fit(const LearnerState& state, std::span<const std::size_t> widths, std::size_t moments) {
  require_sizes("", state.parameters, widths);
  require_equal("moments", state.moments.size(), "optimizer", moments);
  for (std::size_t i = 0; i < state.moments.size(); ++i)
    require_sizes(fmt::format(" of moment {}", i + 1), state.moments[i], widths);
}

}  // namespace gradus::internal
