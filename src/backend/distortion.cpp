#include "backend/distortion.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradus::internal {
namespace {

/// Uniform in [−1, 1].
float signed_unit(std::uint32_t word) {
  return static_cast<float>(static_cast<std::int32_t>(word)) * 0x1p-31F;
}

}  // namespace

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
  const auto first = distortion.transforms.block(2 * visit);
  const auto second = distortion.transforms.block(2 * visit + 1);
  const float shift_x = distortion.shift * signed_unit(first[0]);
  const float shift_y = distortion.shift * signed_unit(first[1]);
  const float angle = distortion.rotation * signed_unit(first[2]) * (std::numbers::pi_v<float> / 180.0F);
  const float zoom_x = 1.0F / (1.0F + distortion.scaling * signed_unit(first[3]));
  const float zoom_y = 1.0F / (1.0F + distortion.scaling * signed_unit(second[0]));
  const float cosine = std::cos(angle);
  const float sine = std::sin(angle);
  const float centre_x = 0.5F * static_cast<float>(distortion.width - 1);
  const float centre_y = 0.5F * static_cast<float>(distortion.height - 1);
  ImageTransform transform{};
  transform.xx = zoom_x * cosine;
  transform.xy = zoom_x * sine;
  transform.yx = -zoom_y * sine;
  transform.yy = zoom_y * cosine;
  transform.x0 = centre_x - shift_x - transform.xx * centre_x - transform.xy * centre_y;
  transform.y0 = centre_y - shift_y - transform.yx * centre_x - transform.yy * centre_y;
  return transform;
}

}  // namespace gradus::internal
