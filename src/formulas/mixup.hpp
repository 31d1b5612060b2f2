#pragma once

#include <cstddef>
#include <cstdint>

#include "formulas/host_device.hpp"
#include "formulas/philox.hpp"
#include "formulas/symmetric_quantiles.hpp"

namespace gradus::internal {

/// Mixtures of two samples (Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018): λ of one and 1 − λ of
/// another of those that are computed at once, inputs, targets and weights. What is drawn for the v-th visit of a sample is
/// a function of v, so it is the same on every device and for any number of threads. Partners are the exception: they depend
/// on the groups of rows into which a device divides a large batch.
struct Mixup {
  RandomSequence draws;     // of λ, a word for each visit
  RandomSequence partners;  // a block for each batch, at the number of its first visit
  SymmetricQuantiles quantiles = {};

  /// λ of a visit.
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr float part(std::uint64_t visit) const {
    return quantiles.value(draws.word(visit));
  }
  /// By how many samples the partner is further on, for all of `count` samples at once from a visit on: 1 … count − 1, or 0
  /// where one is alone. `count` is below 2³².
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr std::size_t distance(std::uint64_t first_visit, std::size_t count) const {
    return count < 2 ? 0 : 1 + static_cast<std::size_t>(std::uint64_t{partners.block(first_visit)[0]} * (count - 1) >> 32);
  }
};

}  // namespace gradus::internal
