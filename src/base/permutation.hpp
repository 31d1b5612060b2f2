#pragma once

#include <cstdint>
#include <vector>

#include "formulas/philox.hpp"

namespace gradus::internal {

/// Fills `order` with a random permutation of 0 … order.size()−1: the indices sorted by one random word each (word i of the
/// sequence belongs to index i; equal words keep their order). Any device can compute the same one with a stable sort.
/// `scratch` is working memory, kept by the caller so that nothing is allocated per epoch.
void random_permutation(const RandomSequence& sequence, std::vector<std::uint32_t>& order,
                        std::vector<std::uint64_t>& scratch);

}  // namespace gradus::internal
