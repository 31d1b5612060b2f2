#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gradus/network_spec.hpp"
#include "layers/layer_spec.hpp"

namespace gradus::internal {

/// The parameters that layers start with: a function of their shapes, the initialization and the seed, drawn on the host, so
/// that every device starts from the same bits. Formulas: docs/mathematics.md, "Initial values".
[[nodiscard]] std::vector<LayerParameters> initial_values(std::span<const LayerSpec> layers,
                                                          const Initialization& initialization, std::uint64_t seed);

}  // namespace gradus::internal
