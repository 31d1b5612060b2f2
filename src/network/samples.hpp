#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "backend/sample_source.hpp"
#include "base/array.hpp"
#include "data/prepare/preprocessing.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// Where the data set's samples lie in its memory, in order.
[[nodiscard]] std::vector<std::uint32_t> sample_rows(const Dataset& data);

/// A backend's view of a data set's inputs as they are, in its sample_rows; both must outlive it.
[[nodiscard]] SampleSource input_source(const Dataset& data, std::span<const std::uint32_t> rows);

/// A data set as backends take it: inputs and targets where they lie, or samples of its own where an InputEncoder is needed.
class PreparedSamples {
 public:
  /// A network's inputs for `data`, which was read for `schema`. `weights`: one per sample, or none. All must outlive it.
  /// Throws OutOfMemory.
  PreparedSamples(const Dataset& data, const DataSchema& schema, const Preprocessing& preprocessing,
                  std::span<const float> weights = {});
  /// The same for `features` (samples, features), row-major, without targets.
  PreparedSamples(std::span<const float> features, const DataSchema& schema, const Preprocessing& preprocessing);

  [[nodiscard]] const SampleSource& source() const { return source_; }
  /// The same samples, whose inputs are not scaled.
  [[nodiscard]] SampleSource unscaled_source();

 private:
  void take_inputs(Array<float> inputs, std::size_t width);
  void take_targets();
  void take_weights(std::span<const float> weights);

  std::vector<std::uint32_t> rows_;
  SampleSource source_;
  // Encoded samples, in the order of the data set, or none.
  Array<float> inputs_;               // (samples, inputs)
  std::vector<std::int32_t> labels_;  // (samples)
  std::vector<float> targets_;        // (samples, targets)
  std::vector<float> weights_;        // of the rows of the source, or none
  // (inputs), of a source that does not scale them, or none.
  std::vector<float> zeros_;
  std::vector<float> ones_;
};

}  // namespace gradus::internal
