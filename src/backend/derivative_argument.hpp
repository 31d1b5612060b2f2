#pragma once

#include "backend/matrix_view.hpp"

namespace gradus::internal {

/// What the derivative of a layer's outputs is formed of: Y_l, or A_l where derivative_needs_input says so, and what Y_l was
/// multiplied by before the next layer took it, or null. Both (B, n_l).
struct DerivativeArgument {
  ConstMatrix at;
  const float* factors = nullptr;

  DerivativeArgument(ConstMatrix argument, const float* multiplied_by = nullptr) : at(argument), factors(multiplied_by) {}
  DerivativeArgument(Matrix argument) : at(argument) {}
};

}  // namespace gradus::internal
