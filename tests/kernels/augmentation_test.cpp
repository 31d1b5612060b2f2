// launch_add_noise and launch_mix_rows against the library's random numbers and formulas in double.
#include "reference/augmentation.hpp"

#include <cstdint>
#include <limits>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/augmentation.hpp"

namespace gradus::kernels {
namespace {

using internal::InputNoise;
using internal::Mixup;
using internal::RandomPurpose;
using internal::RandomSequence;

constexpr std::uint64_t kSeed = 0x1234'5678'9ABC'DEF0U;
const InputNoise kNoise{{kSeed, RandomPurpose::input_noise, 3}, 0.5F};

void expect_near(const std::vector<float>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_NEAR(static_cast<double>(found[i]), expected[i], 2e-6) << i;
}

/// In the upper half of its bits, up to rounding.
void expect_rounded(const std::vector<Bf16>& found, const std::vector<float>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_NEAR(std::bit_cast<float>(std::uint32_t{found[i]} << 16), values[i], 0x1p-8F * std::abs(values[i])) << i;
}

class Augmentation : public testing::TestWithParam<Shape> {};

TEST_P(Augmentation, AddsNoise) {
  const auto [rows, columns] = GetParam();
  const auto x = random_values(rows * columns, 1);
  for (std::size_t offset = 0; offset < 4; ++offset)
    for (const std::uint64_t visits : {std::uint64_t{0}, std::uint64_t{1} << 40}) {
      const Stream stream;
      const DeviceArray<float> device_x(stream, x, offset);
      const DeviceArray<float> noisy(stream, std::vector<float>(x.size(), kNaN), offset);
      const DeviceArray<Bf16> rounded(stream, std::vector<Bf16>(x.size()), offset);
      const DeviceArray<unsigned long long> device_visits(stream, {visits});
      NoisyInputs inputs{.noise = kNoise,
                         .visits = device_visits.data(),
                         .x = device_x.data(),
                         .rows = rows,
                         .columns = columns,
                         .noisy = noisy.data(),
                         .rounded = rounded.data()};
      launch_add_noise(inputs, on(stream, offset % 2 == 0 ? kFewBlocks : kSmallBlocks));
      expect_near(noisy.values(), reference::with_noise(kNoise, x, columns, visits));
      expect_rounded(rounded.values(), noisy.values());
      inputs.noisy = device_x.data();
      inputs.rounded = nullptr;
      launch_add_noise(inputs, on(stream));
      EXPECT_EQ(bits(device_x.values()), bits(noisy.values())) << "in place";
    }
}

TEST_P(Augmentation, MixesRows) {
  const auto [rows, columns] = GetParam();
  Mixup mixup{{kSeed, RandomPurpose::mixup, 0}, {kSeed, RandomPurpose::mixup, 1}, {}};
  constexpr unsigned kIntervals = internal::SymmetricQuantiles::kIntervals;
  for (unsigned k = 0; k <= kIntervals; ++k) {
    const float part = static_cast<float>(k) / (2.0F * static_cast<float>(kIntervals));
    mixup.quantiles.at[k] = 2.0F * part * part;
  }
  const auto values = random_values(rows * columns, 2);
  for (std::size_t offset = 0; offset < 4; ++offset)
    for (const std::uint64_t visits : {std::uint64_t{0}, (std::uint64_t{1} << 40) + 3}) {
      const Stream stream;
      const DeviceArray<float> device_values(stream, values, offset);
      const DeviceArray<float> mixed(stream, std::vector<float>(values.size(), kNaN), offset);
      const DeviceArray<Bf16> rounded(stream, std::vector<Bf16>(values.size()), offset);
      const DeviceArray<unsigned long long> device_visits(stream, {visits});
      launch_mix_rows({.mixup = mixup,
                       .visits = device_visits.data(),
                       .values = device_values.data(),
                       .rows = rows,
                       .columns = columns,
                       .mixed = mixed.data(),
                       .rounded = rounded.data()},
                      on(stream, offset % 2 == 0 ? kFewBlocks : kSmallBlocks));
      expect_near(mixed.values(), reference::mixed_rows(mixup, values, columns, visits));
      expect_rounded(rounded.values(), mixed.values());
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Augmentation, testing::ValuesIn(kShapes));

TEST(AugmentationMistakes, AreRefused) {
  const Stream stream;
  const auto noise = [&](std::size_t columns, GridLimits limits) {
    launch_add_noise({.noise = kNoise, .columns = columns}, on(stream, limits));
  };
  const auto mix = [&](std::size_t columns, GridLimits limits) {
    const RandomSequence sequence(kSeed, RandomPurpose::mixup, 0);
    launch_mix_rows({.mixup = {sequence, sequence, {}}, .columns = columns}, on(stream, limits));
  };
  EXPECT_NO_THROW(noise(3, kStreamingGrid));
  EXPECT_THROW(noise(kMostColumns + 1, kStreamingGrid), CudaError);
  EXPECT_THROW(noise(3, {.block = 33, .blocks = 1}), CudaError);
  EXPECT_NO_THROW(mix(3, kStreamingGrid));
  EXPECT_THROW(mix(kMostColumns + 1, kStreamingGrid), CudaError);
  EXPECT_THROW(mix(3, {.block = 33, .blocks = 1}), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
