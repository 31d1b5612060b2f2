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

void require_sizes(std::string_view of, std::span<const LayerParameters> found, std::span<const LayerSpec> layers) {
  require_equal(fmt::format("layers{}", of), found.size(), "network", layers.size());
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const std::vector<TensorSpec> tensors = layers[l].tensors();
    require_equal(fmt::format("tensors{} in layer {}", of, l + 1), found[l].size(), "network", tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i)
      require_equal(fmt::format("values{} in {} of layer {}", of, tensors[i].name, l + 1), found[l][i].size(), "network",
                    tensors[i].size());
  }
}

}  // namespace

void require_fit(const LearnerState& state, std::span<const LayerSpec> layers, std::size_t moments) {
  require_sizes("", state.parameters, layers);
  require_equal("moments", state.moments.size(), "optimizer", moments);
  for (std::size_t i = 0; i < state.moments.size(); ++i)
    require_sizes(fmt::format(" of moment {}", i + 1), state.moments[i], layers);
}

}  // namespace gradus::internal
