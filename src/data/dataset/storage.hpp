#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/array.hpp"
#include "gradus/dataset.hpp"

namespace gradus {

/// The memory behind a Dataset: what a reader fills and nobody changes afterwards.
class DatasetStorage {
 public:
  std::size_t samples = 0;
  DataSchema schema;
  std::string source;
  std::vector<std::string> notes;

  // Inputs, (samples, features) row-major: exactly one of the two is used.
  bool holds_bytes = false;
  internal::Array<std::uint8_t> bytes;
  internal::Array<float> floats;
  std::optional<ImageSize> image_size;  // of the samples, where the source says it
  // Missing values, which are NaN among the floats: where the first one is, as a message begins, or "" when there is none,
  // and the features that lack some, in their order.
  std::string first_missing;
  std::vector<std::size_t> features_with_missing;

  // Targets: class indices (samples) in classification, values (samples, schema.targets) row-major in regression.
  bool has_targets = true;
  internal::Array<std::int32_t> class_indices;
  internal::Array<float> targets;

  internal::Array<float> weights;  // (samples), or none
};

}  // namespace gradus
