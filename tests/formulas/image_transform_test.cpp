// Where distorted images are taken, against rotations and scalings in double.
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include <gtest/gtest.h>

#include "formulas/distortion.hpp"

namespace gradus::internal {
namespace {

struct NoFilter {};

DistortionWith<NoFilter> distortion() {
  return {.transforms = {11, RandomPurpose::distortion, 0},
          .displacements = {11, RandomPurpose::displacement, 0},
          .height = 5,
          .width = 8,
          .channels = 3,
          .shift = 2.0F,
          .rotation = 30.0F,
          .scaling = 0.25F,
          .elastic = 0.0F};
}

/// Five words of the visit's two blocks, in this order.
TEST(ImageMotion, IsDrawnWithinItsLimits) {
  const auto how = distortion();
  for (const std::uint64_t visit : {std::uint64_t{0}, std::uint64_t{77}, std::uint64_t{1} << 40}) {
    const auto drawn = [&](std::uint64_t i) {
      return static_cast<double>(static_cast<std::int32_t>(how.transforms.word(8 * visit + i))) / 0x1p31;
    };
    const ImageMotion motion = image_motion(how, visit);
    EXPECT_NEAR(motion.shift_x, 2.0 * drawn(0), 1e-6);
    EXPECT_NEAR(motion.shift_y, 2.0 * drawn(1), 1e-6);
    EXPECT_NEAR(motion.rotation, 30.0 * drawn(2), 1e-5);
    EXPECT_NEAR(motion.zoom_x, 1.0 / (1.0 + 0.25 * drawn(3)), 1e-6);
    EXPECT_NEAR(motion.zoom_y, 1.0 / (1.0 + 0.25 * drawn(4)), 1e-6);
  }
}

std::array<double, 2> taken_at(const ImageTransform& transform, float x, float y) {
  return {transform.xx * x + transform.xy * y + transform.x0, transform.yx * x + transform.yy * y + transform.y0};
}

TEST(ImageTransform, LeavesAnImageThatDoesNotMove) {
  const ImageTransform transform = image_transform(distortion(), {0.0F, 0.0F, 0.0F, 1.0F, 1.0F}, 1.0F, 0.0F);
  for (const float x : {0.0F, 3.0F, 7.0F})
    for (const float y : {0.0F, 4.0F}) EXPECT_EQ(taken_at(transform, x, y), (std::array<double, 2>{x, y}));
}

/// c + Z R (p − c) − s.
TEST(ImageTransform, TurnsAboutTheCentreScalesAndShifts) {
  const ImageMotion motion{1.5F, -0.5F, 30.0F, 0.8F, 1.25F};
  const double angle = 30.0 / 180.0 * std::numbers::pi;
  const ImageTransform transform =
      image_transform(distortion(), motion, static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle)));
  for (const float x : {0.0F, 3.0F, 7.0F})
    for (const float y : {0.0F, 4.0F}) {
      const double from_x = static_cast<double>(x) - 3.5;
      const double from_y = static_cast<double>(y) - 2.0;
      const auto [at_x, at_y] = taken_at(transform, x, y);
      EXPECT_NEAR(at_x, 3.5 + 0.8 * (std::cos(angle) * from_x + std::sin(angle) * from_y) - 1.5, 1e-5);
      EXPECT_NEAR(at_y, 2.0 + 1.25 * (std::cos(angle) * from_y - std::sin(angle) * from_x) + 0.5, 1e-5);
    }
}

TEST(Distortion, StaysWhatItIsWithAnotherFilter) {
  const auto how = distortion();
  const auto other = how.with(3.0F);
  EXPECT_EQ(other.filter, 3.0F);
  EXPECT_EQ(other.transforms.block(1), how.transforms.block(1));
  EXPECT_EQ(other.displacements.block(1), how.displacements.block(1));
  EXPECT_EQ(other.pixels(), 40U);
  EXPECT_EQ(other.blocks_per_axis(), 10U);
  EXPECT_EQ(other.channels, 3U);
  EXPECT_EQ(other.shift, 2.0F);
  EXPECT_EQ(other.rotation, 30.0F);
  EXPECT_EQ(other.scaling, 0.25F);
  EXPECT_EQ(other.elastic, 0.0F);
}

}  // namespace
}  // namespace gradus::internal
