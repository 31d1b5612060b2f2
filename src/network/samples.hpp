#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "backend/sample_source.hpp"
#include "base/array.hpp"
#include "data/prepare/preprocessing.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// The rows of a data set's storage that hold its samples, in their order.
[[nodiscard]] std::vector<std::uint32_t> sample_rows(const Dataset& data);

/// A backend's view of a data set's inputs as they are. `rows`: its sample_rows. Both must outlive the view.
[[nodiscard]] SampleSource input_source(const Dataset& data, std::span<const std::uint32_t> rows);

/// A data set as backends take it: inputs and targets in the data set's storage, or encoded copies where an InputEncoder is
/// needed.
class PreparedSamples {
 public:
  /// Inputs for a network with this schema; `data` was read for it. `weights`: one per sample, or empty. All must outlive
  /// this. Throws OutOfMemory.
  PreparedSamples(const Dataset& data, const DataSchema& schema, const Preprocessing& preprocessing,
                  std::span<const float> weights = {});
  /// The same for `features`, (samples, features) row-major, without targets.
  PreparedSamples(std::span<const float> features, const DataSchema& schema, const Preprocessing& preprocessing);

  [[nodiscard]] const SampleSource& source() const { return source_; }
  /// The same samples, with inputs that are not scaled.
  [[nodiscard]] SampleSource unscaled_source();

 private:
  void take_inputs(Array<float> inputs, std::size_t width);
  void take_targets();
  void take_weights(std::span<const float> weights);

  std::vector<std::uint32_t> rows_;
  SampleSource source_;
  // Encoded samples, in the order of the data set; empty where none is needed.
  Array<float> inputs_;               // (samples, inputs)
  std::vector<std::int32_t> labels_;  // (samples)
  std::vector<float> targets_;        // (samples, targets)
  std::vector<float> weights_;        // one per row of the source, or empty
  // Shift and scale of a source that does not scale its inputs, (inputs); else empty.
  std::vector<float> zeros_;
  std::vector<float> ones_;
};

}  // namespace gradus::internal
