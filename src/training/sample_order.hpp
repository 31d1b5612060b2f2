#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "support/philox.hpp"

namespace gradus::internal {

/// The order in which an epoch visits the samples: as they are with full batch, a new permutation each epoch otherwise.
class SampleOrder {
 public:
  SampleOrder(std::vector<std::uint32_t> rows, std::uint64_t seed, bool shuffled)
      : rows_(std::move(rows)),
        seed_(seed),
        permutation_(shuffled ? rows_.size() : 0),
        order_(permutation_.size()),
        scratch_(permutation_.size()) {}

  /// Epochs are counted from 0.
  void begin_epoch(std::size_t epoch) {
    if (permutation_.empty()) return;
    random_permutation(RandomSequence(seed_, RandomPurpose::sample_order, static_cast<std::uint32_t>(epoch)), permutation_,
                       scratch_);
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = rows_[permutation_[i]];
  }

  [[nodiscard]] std::size_t samples() const { return rows_.size(); }
  /// That of the epoch.
  [[nodiscard]] std::span<const std::uint32_t> all() const { return permutation_.empty() ? rows_ : order_; }

 private:
  std::vector<std::uint32_t> rows_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> permutation_;  // empty when the order never changes
  std::vector<std::uint32_t> order_;
  std::vector<std::uint64_t> scratch_;
};

}  // namespace gradus::internal
