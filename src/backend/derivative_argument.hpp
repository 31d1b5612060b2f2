#pragma once

#include "backend/matrix_view.hpp"

namespace gradus::internal {

/// What the derivative of a layer's activation is computed from: Y_l, or A_l where derivative_needs_input says so; and the
/// factors by which dropout multiplied Y_l, or null. Both (B, n_l).
struct DerivativeArgument {
  ConstMatrix at;
  const float* factors = nullptr;

  DerivativeArgument(ConstMatrix argument, const float* multiplied_by = nullptr) : at(argument), factors(multiplied_by) {}
  DerivativeArgument(Matrix argument) : at(argument) {}
};

}  // namespace gradus::internal
