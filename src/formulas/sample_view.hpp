#pragma once

#include <cstddef>
#include <cstdint>

namespace gradus::internal {

/// Borrowed samples, in the memory of the host or of a device, and how they are scaled. Either bytes or floats are set, and
/// at most one of labels and targets. All shifts and scales of what is set are given.
struct SampleView {
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

  const float* weights = nullptr;  // (samples): the factors of errors and costs; null: all are 1
};

}  // namespace gradus::internal
