#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gradus::internal {

/// Where minibatches come from: borrowed samples and how they are scaled. Of bytes and floats, and of labels and targets,
/// one is set; without either of the latter the samples have no targets.
struct SampleSource {
  std::size_t samples = 0;                   // that lie in memory
  std::span<const std::uint32_t> rows = {};  // those of the data set, in its order
  std::size_t features = 0;
  std::size_t outputs = 0;

  const std::uint8_t* bytes = nullptr;  // (samples, features), row-major
  const float* floats = nullptr;        // (samples, features), row-major
  const float* input_shift = nullptr;   // (features): an input is (value − shift) · scale
  const float* input_scale = nullptr;   // (features)

  const std::int32_t* labels = nullptr;  // (samples): the target is that row of the identity
  const float* targets = nullptr;        // (samples, outputs), row-major
  const float* target_shift = nullptr;   // (outputs): a target is (value − shift) · scale
  const float* target_scale = nullptr;   // (outputs)

  const float* weights = nullptr;  // (samples): by which errors and costs count, or all alike
};

}  // namespace gradus::internal
