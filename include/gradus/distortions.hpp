#pragma once

namespace gradus {

/// How images are distorted in training, each in another way in every epoch. The amounts are drawn uniformly between 0 and
/// the values given here, in both directions. Beyond an image's border, the value is that of the nearest pixel.
/// docs/methods.md has the formulas.
struct Distortions {
  double shift = 0.0;     ///< along each axis, in pixels, at most 65,536
  double rotation = 0.0;  ///< in degrees, at most 180
  double scaling = 0.0;   ///< the fraction by which each axis becomes longer or shorter, below 1
  double elastic = 0.0;  ///< α of elastic distortions (Simard et al. 2003): the factor of a smoothed field of displacements;
                         ///< at most 65,536
  double elastic_sigma = 4.0;  ///< standard deviation of the Gaussian that smooths the field, in pixels, at most 1024

  [[nodiscard]] bool is_any() const { return shift > 0.0 || rotation > 0.0 || scaling > 0.0 || elastic > 0.0; }

  bool operator==(const Distortions&) const = default;
};

}  // namespace gradus
