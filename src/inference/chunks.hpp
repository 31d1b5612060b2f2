#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "network/propagation.hpp"

namespace gradus::internal {

/// Runs all samples through the network in chunks, as many rows at once as `propagation` has room for, and calls
/// `use(first, count)` when the outputs of a chunk are there. Takes one epoch of the samples.
template <typename Use>
void for_each_chunk(Propagation& propagation, Samples& samples, std::size_t all, Use use) {
  samples.in_order();
  for (std::size_t first = 0; first < all; first += propagation.rows()) {
    const std::size_t count = std::min(propagation.rows(), all - first);
    samples.prepare(count);
    propagation.load(samples, count);
    propagation.forward();
    use(first, count);
  }
}

/// The same with `use(first, outputs)`: (samples, outputs) row-major, on the host.
template <typename Use>
void for_each_output(Backend& backend, Propagation& propagation, Samples& samples, std::size_t all, Use use) {
  std::vector<float> outputs;
  for_each_chunk(propagation, samples, all, [&](std::size_t first, std::size_t /*count*/) {
    outputs.resize(propagation.outputs().size());
    backend.download(propagation.outputs().data, outputs);
    use(first, std::span<const float>(outputs));
  });
}

}  // namespace gradus::internal
