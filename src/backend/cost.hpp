#pragma once

#include <cstddef>

#include "backend/loss.hpp"

namespace gradus::internal {

/// The sum of a loss over `count` outputs, formed and added in double: for evaluations. `outputs`: of the network. `kept`
/// (count): what was kept beside `y`; null where it was not, and then logarithms are those of the outputs.
[[nodiscard]] double cost_of_outputs(const LossFunction& loss, std::size_t outputs, const float* y, const float* kept,
                                     const float* t, std::size_t count);

}  // namespace gradus::internal
