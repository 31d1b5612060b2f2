#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/permutation.hpp"

namespace gradus::internal {

/// An order that the host finds, in memory that stays from epoch to epoch.
class ShuffledOrder {
 public:
  /// rows[p] along the random permutation p of the sequence; there until the next call.
  std::span<const std::uint32_t> shuffle(const RandomSequence& sequence, std::span<const std::uint32_t> rows) {
    order_.resize(rows.size());
    random_permutation(sequence, order_, scratch_);
    for (std::uint32_t& row : order_) row = rows[row];
    return order_;
  }

 private:
  std::vector<std::uint32_t> order_;
  std::vector<std::uint64_t> scratch_;
};

}  // namespace gradus::internal
