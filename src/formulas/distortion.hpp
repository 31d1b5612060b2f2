#pragma once

#include <cstddef>
#include <cstdint>

#include "formulas/host_device.hpp"
#include "formulas/philox.hpp"

namespace gradus::internal {

/// How images are distorted, each anew whenever it is visited: pixel (x, y) of the result is taken at
/// c + Z R ((x, y) − c) − s + α d(x, y), where c is the centre, R a rotation, Z a scaling of each axis, s a shift, and d a
/// field of displacements: two numbers for each pixel, uniform in ±1, and smoothed by a Gaussian, outside of the image 0
/// (Simard, Steinkraus and Platt, "Best practices for convolutional neural networks", ICDAR 2003). Between pixels values are
/// interpolated linearly along both axes; beyond the border they are those of the nearest pixel.
///
/// The v-th visit's rotation, scaling and shift are of blocks 2v and 2v + 1 of `transforms`; the displacements of pixel p
/// are words p mod 4 of blocks (2v + axis) · blocks_per_axis() + ⌊p/4⌋ of `displacements`, axis 0 along a row.
///
/// `Filter` is where the Gaussian's values are, on the host or in a device's memory.
template <typename Filter>
struct DistortionWith {
  RandomSequence transforms;
  RandomSequence displacements;
  std::size_t height = 0;  // at most kMostSide, so that a float holds every place
  std::size_t width = 0;
  std::size_t channels = 1;  // values of each pixel, side by side
  float shift = 0.0F;        // pixels at most, along each axis
  float rotation = 0.0F;     // degrees at most
  float scaling = 0.0F;      // an axis becomes longer or shorter by at most this fraction
  float elastic = 0.0F;      // α; 0: there is no field
  Filter filter = {};        // the Gaussian, 2r + 1 values of sum 1; none without a field

  static constexpr std::size_t kMostSide = std::size_t{1} << 16;

  [[nodiscard]] GRADUS_HOST_DEVICE constexpr std::size_t pixels() const { return height * width; }
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr std::uint64_t blocks_per_axis() const { return blocks_for(pixels()); }

  /// The same with another place of the Gaussian.
  template <typename Other>
  [[nodiscard]] DistortionWith<Other> with(const Other& other) const {
    return {transforms, displacements, height, width, channels, shift, rotation, scaling, elastic, other};
  }
};

/// The random numbers of a visit's transform: shifts in pixels, the rotation in degrees, and by how much shorter each axis
/// is.
struct ImageMotion {
  float shift_x, shift_y;
  float rotation;
  float zoom_x, zoom_y;
};

template <typename Filter>
[[nodiscard]] GRADUS_HOST_DEVICE constexpr ImageMotion image_motion(const DistortionWith<Filter>& how, std::uint64_t visit) {
  const RandomWords first = how.transforms.block(2 * visit);
  const RandomWords second = how.transforms.block(2 * visit + 1);
  return {how.shift * to_signed_unit(first[0]), how.shift * to_signed_unit(first[1]),
          how.rotation * to_signed_unit(first[2]), 1.0F / (1.0F + how.scaling * to_signed_unit(first[3])),
          1.0F / (1.0F + how.scaling * to_signed_unit(second[0]))};
}

/// Where the result's pixel (x, y) is taken, before displacements: (xx · x + xy · y + x0, yx · x + yy · y + y0).
struct ImageTransform {
  float xx, xy, x0;
  float yx, yy, y0;
};

/// The transform of a motion, given the cosine and the sine of its rotation, which each device computes in its own way.
template <typename Filter>
[[nodiscard]] GRADUS_HOST_DEVICE constexpr ImageTransform image_transform(const DistortionWith<Filter>& how,
                                                                          const ImageMotion& motion, float cosine,
                                                                          float sine) {
  const float centre_x = 0.5F * static_cast<float>(how.width - 1);
  const float centre_y = 0.5F * static_cast<float>(how.height - 1);
  ImageTransform transform{};
  transform.xx = motion.zoom_x * cosine;
  transform.xy = motion.zoom_x * sine;
  transform.yx = -motion.zoom_y * sine;
  transform.yy = motion.zoom_y * cosine;
  transform.x0 = centre_x - motion.shift_x - transform.xx * centre_x - transform.xy * centre_y;
  transform.y0 = centre_y - motion.shift_y - transform.yx * centre_x - transform.yy * centre_y;
  return transform;
}

}  // namespace gradus::internal
