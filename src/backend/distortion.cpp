#include "backend/distortion.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradus::internal {

std::vector<float> gaussian_filter(double deviation) {
  const auto radius = static_cast<std::ptrdiff_t>(std::ceil(3.0 * deviation));
  std::vector<double> values;
  double sum = 0.0;
  for (std::ptrdiff_t i = -radius; i <= radius; ++i) {
    const double distance = static_cast<double>(i) / deviation;
    values.push_back(std::exp(-0.5 * distance * distance));
    sum += values.back();
  }
  std::vector<float> filter(values.size());
  std::ranges::transform(values, filter.begin(), [sum](double value) { return static_cast<float>(value / sum); });
  return filter;
}

double distortion_scratch(const Distortion& distortion) {
  constexpr double kPadding = 64.0;  // a vector at most
  const double row = static_cast<double>(distortion.width) + kPadding;
  if (distortion.filter.empty()) return 2.0 * row;
  const auto height = static_cast<double>(distortion.height);
  const auto around = static_cast<double>(distortion.filter.size());
  return height * (row + around) + (height + around) * row + 2.0 * height * row + 2.0 * row;
}

ImageTransform image_transform(const Distortion& distortion, std::uint64_t visit) {
  const ImageMotion motion = image_motion(distortion, visit);
  const float angle = motion.rotation * (std::numbers::pi_v<float> / 180.0F);
  return image_transform(distortion, motion, std::cos(angle), std::sin(angle));
}

}  // namespace gradus::internal
