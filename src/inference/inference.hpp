#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "data/prepare/preprocessing.hpp"
#include "gradus/dataset.hpp"
#include "gradus/evaluation.hpp"
#include "network/propagation.hpp"

namespace gradus::internal {

/// Runs all samples through the network, as many at once as the plan holds, and calls `use(first, count)` when the outputs
/// of that chunk are in the plan. It is an epoch of the samples.
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

/// How many samples are evaluated at once on a resolved device.
[[nodiscard]] std::size_t evaluation_rows(std::span<const std::size_t> widths, std::size_t samples, Device device);

/// Throws DataError when a network for `schema` cannot be evaluated on the data: no targets, or other features or outputs.
void require_evaluable(const Dataset& data, const DataSchema& schema);

/// The plan that `evaluate` needs: classes are found where the outputs are.
[[nodiscard]] Propagation::Purpose purpose_of_evaluation(Task task);

/// How well the network does on data that passed `require_evaluable`, and that is held as `samples`: one epoch over them.
/// Appends the outputs of all samples to `all_outputs`, (samples, outputs) row-major, unless that is null.
[[nodiscard]] Evaluation evaluate(Backend& backend, Propagation& propagation, Samples& samples,
                                  const Preprocessing& preprocessing, const Dataset& data,
                                  std::vector<float>* all_outputs = nullptr);

}  // namespace gradus::internal
