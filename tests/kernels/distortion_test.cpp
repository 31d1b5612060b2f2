// launch_distort against the library's formulas in double.
#include <cstdint>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/augmentation.hpp"
#include "reference/augmentation.hpp"

namespace gradus::kernels {
namespace {

using internal::Distortion;
using internal::RandomPurpose;

constexpr std::uint64_t kSeed = 0x1234'5678'9ABC'DEF0U;

Distortion distortion_of(std::size_t height, std::size_t width, std::size_t channels) {
  Distortion distortion{.transforms = {kSeed, RandomPurpose::distortion, 0},
                        .displacements = {kSeed, RandomPurpose::displacement, 0}};
  distortion.height = height;
  distortion.width = width;
  distortion.channels = channels;
  return distortion;
}

struct Case {
  std::size_t rows, height, width, channels;
  std::vector<float> filter;
};

class Images : public testing::TestWithParam<Case> {
 protected:
  void expect_as_by_hand(std::uint64_t visits, GridLimits limits, std::size_t offset) const {
    const auto& [rows, height, width, channels, filter] = GetParam();
    Distortion distortion = distortion_of(height, width, channels);
    distortion.shift = 1.25F;
    distortion.rotation = 30.0F;
    distortion.scaling = 0.25F;
    distortion.elastic = 2.0F;
    distortion.filter = filter;
    const std::size_t inputs = height * width * channels;
    const auto images = random_values(rows * inputs, 1);
    const auto shift = random_values(inputs, 2);
    const auto scale = random_values(inputs, 3);

    const Stream stream;
    const DeviceArray<float> device_images(stream, images, offset);
    const DeviceArray<float> device_shift(stream, shift, offset);
    const DeviceArray<float> device_scale(stream, scale, offset);
    const DeviceArray<float> device_filter(stream, filter, offset);
    const DeviceArray<float> x(stream, std::vector<float>(images.size(), kNaN), offset);
    const DeviceArray<Bf16> rounded(stream, std::vector<Bf16>(images.size()), offset);
    const DeviceArray<internal::ImageTransform> transforms(stream, std::vector<internal::ImageTransform>(rows));
    const std::size_t fields = filter.empty() ? 0 : 2 * rows * height * width;
    const DeviceArray<float> drawn(stream, std::vector<float>(fields, kNaN));
    const DeviceArray<float> smoothed(stream, std::vector<float>(fields, kNaN));
    // The second group of rows of a batch, whose first row comes some visits later.
    const DeviceArray<unsigned long long> device_visits(stream, {visits - visits / 3});
    launch_distort({.distortion = distortion.with(DeviceFilter{device_filter.data(), static_cast<unsigned>(filter.size())}),
                    .input_shift = device_shift.data(),
                    .input_scale = device_scale.data(),
                    .transforms = transforms.data(),
                    .drawn = drawn.data(),
                    .smoothed = smoothed.data(),
                    .visits = device_visits.data(),
                    .first_row = visits / 3,
                    .images = device_images.data(),
                    .rows = rows,
                    .x = x.data(),
                    .rounded = rounded.data()},
                   on(stream, limits));

    const auto found = x.values();
    const auto expected = reference::distorted_images({distortion, shift, scale}, images, visits);
    const auto short_forms = rounded.values();
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_NEAR(static_cast<double>(found[i]), expected[i], 2e-5) << i;
      ASSERT_NEAR(std::bit_cast<float>(std::uint32_t{short_forms[i]} << 16), found[i], 0x1p-8F * std::abs(found[i])) << i;
    }
    EXPECT_EQ(bits(device_images.values()), bits(images));
  }
};

TEST_P(Images, AreDistortedAsTheSequencesSay) {
  for (const std::uint64_t visits : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{1} << 40})
    expect_as_by_hand(visits, kSmallBlocks, 0);
}

TEST_P(Images, TakeAnyAddressAndSeveralRounds) {
  for (std::size_t offset = 0; offset < 4; ++offset) expect_as_by_hand(7, kFewBlocks, offset);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Images,
                         testing::Values(Case{0, 3, 3, 1, {1.0F}}, Case{1, 1, 1, 1, {0.25F, 0.5F, 0.25F}},
                                         Case{3, 1, 9, 1, {0.25F, 0.5F, 0.25F}},
                                         Case{2, 9, 1, 2, {0.1F, 0.2F, 0.4F, 0.2F, 0.1F}}, Case{4, 5, 7, 1, {}},
                                         Case{3, 8, 8, 1, {0.25F, 0.5F, 0.25F}},
                                         Case{2, 6, 5, 3, {0.1F, 0.1F, 0.1F, 0.4F, 0.1F, 0.1F, 0.1F}}));

TEST(ImagesMistakes, AreRefused) {
  const Stream stream;
  const auto distort = [&](const Distortion& distortion, GridLimits limits) {
    launch_distort({.distortion = distortion.with(DeviceFilter{})}, on(stream, limits));
  };
  EXPECT_NO_THROW(distort(distortion_of(4, 4, 1), kStreamingGrid));
  EXPECT_THROW(distort(distortion_of(4, 4, 1), {.block = 33, .blocks = 1}), CudaError);
  EXPECT_THROW(distort(distortion_of(1U << 17, 4, 1), kStreamingGrid), CudaError);
  EXPECT_THROW(distort(distortion_of(4, 1U << 17, 1), kStreamingGrid), CudaError);
  EXPECT_THROW(distort(distortion_of(1U << 16, 1U << 16, 1), kStreamingGrid), CudaError);
  EXPECT_THROW(distort(distortion_of(1U << 16, 1U << 10, 64), kStreamingGrid), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
