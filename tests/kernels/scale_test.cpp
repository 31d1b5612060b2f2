// launch_scale against a plain product, bit for bit.
#include <cmath>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/elementwise.hpp"

namespace gradus::kernels {
namespace {

std::vector<float> scale(const std::vector<float>& values, float factor, GridLimits limits = kSmallBlocks,
                         std::size_t offset = 0) {
  const Stream stream;
  const DeviceArray<float> device_values(stream, values, offset);
  launch_scale({.values = device_values.data(), .count = values.size(), .factor = factor}, on(stream, limits));
  return device_values.values();
}

std::vector<float> expected_from(std::vector<float> values, float factor) {
  for (float& value : values) value *= factor;
  return values;
}

class Scale : public testing::TestWithParam<std::size_t> {};

TEST_P(Scale, IsExact) {
  const auto values = random_values(GetParam(), 1, 3.0F);
  for (const float factor : {0.3F, -1.0F, 1.0F, kInfinity})
    EXPECT_EQ(bits(scale(values, factor)), bits(expected_from(values, factor))) << factor;
}

TEST_P(Scale, TakesAnyAddressAndSeveralRounds) {
  const auto values = random_values(GetParam(), 2, 3.0F);
  const auto expected = bits(expected_from(values, 0.7F));
  for (std::size_t offset = 0; offset < 4; ++offset) EXPECT_EQ(bits(scale(values, 0.7F, kFewBlocks, offset)), expected);
}

/// A backend leaves memory as it got it, until it is scaled by 0 for the first time.
TEST_P(Scale, ByZeroGivesZeroWhateverThereWas) {
  std::vector<float> values(GetParam(), kNaN);
  for (std::size_t i = 0; i < values.size(); i += 2) values[i] = -1.0F;
  const std::vector<std::uint32_t> zeros(GetParam());
  for (std::size_t offset = 0; offset < 4; ++offset) EXPECT_EQ(bits(scale(values, 0.0F, kFewBlocks, offset)), zeros);
  EXPECT_EQ(bits(scale(values, -0.0F)), zeros);
}

INSTANTIATE_TEST_SUITE_P(Counts, Scale, testing::Values(0, 1, 3, 4, 15, 16, 17, 31, 33, 127, 128, 129, 784, 1031));

TEST(ScaleOfMany, IsExactInBlocksOfTheDefaultSize) {
  const auto values = random_values(5003, 3);
  EXPECT_EQ(bits(scale(values, 0.3F, kStreamingGrid)), bits(expected_from(values, 0.3F)));
}

/// A NaN must be seen, and stay where it is.
TEST(ScaleOfNaN, ComesThrough) {
  auto values = random_values(37, 4);
  values[5] = kNaN;
  for (const float factor : {0.5F, 1.0F}) {
    const auto scaled = scale(values, factor);
    for (std::size_t i = 0; i < scaled.size(); ++i) EXPECT_EQ(std::isnan(scaled[i]), i == 5) << i;
  }
  for (const float value : scale(values, kNaN)) EXPECT_TRUE(std::isnan(value));
}

TEST(ScaleMistakes, AreRefused) {
  const Stream stream;
  const auto launch_with = [&](GridLimits limits) { launch_scale({.factor = 2.0F}, on(stream, limits)); };
  EXPECT_NO_THROW(launch_with(kStreamingGrid)) << "nothing to do, no memory";
  EXPECT_THROW(launch_with({.block = 33, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with({.block = 32, .blocks = kStreamingGrid.blocks + 1}), CudaError);
}

TEST_P(Scale, FillsWithOneValueAndNothingBehindIt) {
  for (std::size_t offset = 0; offset < 4; ++offset) {
    const Stream stream;
    const DeviceArray<float> values(stream, std::vector<float>(GetParam(), kNaN), offset);
    launch_fill({.values = values.data(), .count = GetParam(), .value = 0.7F}, on(stream, kFewBlocks));
    EXPECT_EQ(values.values(), std::vector<float>(GetParam(), 0.7F));
  }
}

TEST(FillMistakes, AreRefused) {
  const Stream stream;
  EXPECT_NO_THROW(launch_fill({.value = 1.0F}, {.stream = stream.get()}));
  EXPECT_THROW(launch_fill({.value = 1.0F}, on(stream, {.block = 33, .blocks = 1})), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
