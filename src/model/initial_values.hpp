#pragma once

#include <cstdint>
#include <vector>

#include "gradus/network_spec.hpp"
#include "model/model_state.hpp"

namespace gradus::internal {

/// The parameters that a network starts with: a function of the widths, the kind and the seed, drawn on the host, so that
/// every device starts from the same bits. Formulas: docs/mathematics.md, "Initial values".
[[nodiscard]] std::vector<LayerParameters> initial_values(const NetworkSpec& network, const Initialization& initialization,
                                                          std::uint64_t seed);

}  // namespace gradus::internal
