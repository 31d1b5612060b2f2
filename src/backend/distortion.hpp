#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "formulas/distortion.hpp"

namespace gradus::internal {

/// A distortion whose Gaussian is on the host.
using Distortion = DistortionWith<std::vector<float>>;

/// A Gaussian of this deviation in pixels, cut off at three of them, of sum 1.
[[nodiscard]] std::vector<float> gaussian_filter(double deviation);

/// Floats of working memory that a thread of the CPU needs for it: an upper estimate.
[[nodiscard]] double distortion_scratch(const Distortion& distortion);

/// A distortion, and how the distorted images are scaled: an input is (value − shift) · scale. Both (inputs).
struct ScaledDistortion {
  Distortion distortion;
  std::span<const float> input_shift;
  std::span<const float> input_scale;
};

/// The transform of the v-th visit.
[[nodiscard]] ImageTransform image_transform(const Distortion& distortion, std::uint64_t visit);

}  // namespace gradus::internal
