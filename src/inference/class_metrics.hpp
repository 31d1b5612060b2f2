#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gradus/dataset.hpp"
#include "gradus/evaluation.hpp"

namespace gradus::internal {

/// Beyond this many classes there is no confusion matrix (2,000² counts are 32 MB, and nobody reads more) and no area under
/// a curve (sorting all samples for each class would take too long).
inline constexpr std::size_t kMostComparedClasses = 2000;

/// What a network answered for samples whose classes are known.
struct Answers {
  std::size_t classes = 0;
  std::span<const float> outputs;           // (samples, classes) row-major
  std::vector<std::size_t> actual;          // (samples): class indices
  std::span<const std::int32_t> predicted;  // (samples): class indices

  [[nodiscard]] std::size_t samples() const { return actual.size(); }
  [[nodiscard]] std::span<const float> row(std::size_t sample) const { return outputs.subspan(sample * classes, classes); }
};

/// The metrics of each class.
[[nodiscard]] std::vector<ClassMetrics> metrics_of_classes(const Answers& answers);
/// The metrics of each label of multi-label data. `outputs`: (samples, labels) row-major.
[[nodiscard]] std::vector<ClassMetrics> metrics_of_labels(std::span<const float> outputs, const Dataset& data);

}  // namespace gradus::internal
