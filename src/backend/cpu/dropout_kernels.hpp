#pragma once

#include <cstddef>
#include <cstdint>

#include "formulas/dropout.hpp"

namespace gradus::internal {

/// Of samples whose first one is visit number `first_visit`: factors becomes 0 for the nodes that are left out, and what the
/// others are multiplied by; dropped = y ⊙ factors. `y`, `dropped`, `factors` (rows, columns). Compiled for several
/// instruction sets as the loops of vector_kernels.hpp are.
void drop_nodes(const Dropout& dropout, std::uint64_t first_visit, const float* y, std::size_t rows, std::size_t columns,
                float* dropped, float* factors);

/// values = values ⊙ factors, `count` of each.
void multiply(const float* factors, std::size_t count, float* values);

}  // namespace gradus::internal
