#pragma once

#include <cstddef>
#include <cstdint>

#include "backend/matrix_view.hpp"
#include "formulas/dropout.hpp"

namespace gradus::internal {

/// factors = 0 for the units that are dropped, and Dropout::kept_factor for the others; dropped = y ⊙ factors. `y`,
/// `dropped`, `factors` have the same shape; the first row is visit number `first_visit`. Compiled for several instruction
/// sets as the loops of vector_kernels.hpp are.
void drop_nodes(const Dropout& dropout, std::uint64_t first_visit, ConstMatrix y, float* dropped, float* factors);

/// values = values ⊙ factors, `count` of each.
void multiply(const float* factors, std::size_t count, float* values);

}  // namespace gradus::internal
