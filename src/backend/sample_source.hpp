#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "formulas/sample_view.hpp"

namespace gradus::internal {

/// Where minibatches come from: samples of the host, and which of them the data set has.
struct SampleSource : SampleView {
  std::size_t samples = 0;                   // that lie in memory
  std::span<const std::uint32_t> rows = {};  // those of the data set, in its order
};

}  // namespace gradus::internal
