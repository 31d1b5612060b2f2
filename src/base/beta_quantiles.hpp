#pragma once

#include "formulas/symmetric_quantiles.hpp"

namespace gradus::internal {

/// Quantiles of Beta(α, α), for α > 0.
[[nodiscard]] SymmetricQuantiles beta_quantiles(double alpha);

}  // namespace gradus::internal
