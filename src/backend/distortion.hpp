#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/philox.hpp"

namespace gradus::internal {

/// How images are distorted, each anew whenever it is visited: pixel (x, y) of the result is taken at
/// c + Z R ((x, y) − c) − s + α d(x, y), where c is the centre, R a rotation, Z a scaling of each axis, s a shift, and d a
/// field of displacements: two numbers for each pixel, uniform in ±1, and smoothed by a Gaussian, outside of the image 0
/// (Simard, Steinkraus and Platt, "Best practices for convolutional neural networks", ICDAR 2003). Between pixels values are
/// interpolated linearly along both axes; beyond the border they are those of the nearest pixel.
///
/// The v-th visit's rotation, scaling and shift are of blocks 2v and 2v + 1 of `transforms`; the displacements of pixel p
/// are words p mod 4 of blocks (2v + axis) · ⌈pixels/4⌉ + ⌊p/4⌋ of `displacements`, axis 0 along a row.
struct Distortion {
  RandomSequence transforms;
  RandomSequence displacements;
  std::size_t height = 0;  // at most kMostSide, so that a float holds every place
  std::size_t width = 0;
  std::size_t channels = 1;        // values of each pixel, side by side
  float shift = 0.0F;              // pixels at most, along each axis
  float rotation = 0.0F;           // degrees at most
  float scaling = 0.0F;            // an axis becomes longer or shorter by this part at most
  float elastic = 0.0F;            // α; 0: there is no field
  std::vector<float> filter = {};  // the Gaussian, 2r + 1 values of sum 1; none without a field

  static constexpr std::size_t kMostSide = std::size_t{1} << 16;

  [[nodiscard]] std::size_t pixels() const { return height * width; }
  [[nodiscard]] std::uint64_t blocks_per_axis() const { return (pixels() + 3) / 4; }
};

/// A Gaussian of this deviation in pixels, cut off at three of them, of sum 1.
[[nodiscard]] std::vector<float> gaussian_filter(double deviation);

/// Floats of working memory that a thread of the CPU needs for it; about, and not less.
[[nodiscard]] double distortion_scratch(const Distortion& distortion);

/// A distortion, and how the distorted images are scaled: an input is (value − shift) · scale. Both (inputs).
struct ScaledDistortion {
  Distortion distortion;
  std::span<const float> input_shift;
  std::span<const float> input_scale;
};

/// What a backend needs for a distortion. It must be gone before the backend.
class Distorter {
 public:
  Distorter() = default;
  Distorter(const Distorter&) = delete;
  Distorter& operator=(const Distorter&) = delete;
  virtual ~Distorter() = default;
};

/// Where the result's pixel (x, y) is taken, before displacements: (xx · x + xy · y + x0, yx · x + yy · y + y0).
struct ImageTransform {
  float xx, xy, x0;
  float yx, yy, y0;
};

/// That of the v-th visit.
[[nodiscard]] ImageTransform image_transform(const Distortion& distortion, std::uint64_t visit);

}  // namespace gradus::internal
