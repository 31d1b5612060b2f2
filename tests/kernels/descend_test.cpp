// launch_descend against std::fma, bit for bit: what the CPU backend computes where the machine has the instruction.
#include <cmath>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/elementwise.hpp"
#include "launchers/optimizer.hpp"

namespace gradus::kernels {
namespace {

struct Offsets {
  std::size_t gradients = 0;
  std::size_t parameters = 0;
};

std::vector<float> descend(const std::vector<float>& gradients, float rate, const std::vector<float>& parameters,
                           GridLimits limits = kSmallBlocks, Offsets offsets = {}) {
  const Stream stream;
  const DeviceArray<float> device_gradients(stream, gradients, offsets.gradients);
  const DeviceArray<float> device_rate(stream, {rate}, 1);
  const DeviceArray<float> device_parameters(stream, parameters, offsets.parameters);
  launch_descend({.gradients = device_gradients.data(),
                  .rate = device_rate.data(),
                  .parameters = device_parameters.data(),
                  .count = parameters.size()},
                 on(stream, limits));
  EXPECT_EQ(bits(device_gradients.values()), bits(gradients));
  return device_parameters.values();
}

std::vector<float> expected_from(const std::vector<float>& gradients, float rate, std::vector<float> parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i] = std::fma(-rate, gradients[i], parameters[i]);
  return parameters;
}

class Descend : public testing::TestWithParam<std::size_t> {};

TEST_P(Descend, IsRoundedOnce) {
  const auto gradients = random_values(GetParam(), 1, 3.0F);
  const auto parameters = random_values(GetParam(), 2);
  for (const float rate : {0.3F, -0.7F, 0.0F})
    EXPECT_EQ(bits(descend(gradients, rate, parameters)), bits(expected_from(gradients, rate, parameters))) << rate;
}

TEST_P(Descend, TakesAnyAddressAndSeveralRounds) {
  const auto gradients = random_values(GetParam(), 3, 3.0F);
  const auto parameters = random_values(GetParam(), 4);
  const auto expected = bits(expected_from(gradients, 0.1F, parameters));
  EXPECT_EQ(bits(descend(gradients, 0.1F, parameters, kFewBlocks)), expected);
  for (const Offsets offsets : {Offsets{1, 0}, Offsets{0, 1}, Offsets{2, 2}, Offsets{3, 1}})
    EXPECT_EQ(bits(descend(gradients, 0.1F, parameters, kFewBlocks, offsets)), expected);
}

INSTANTIATE_TEST_SUITE_P(Counts, Descend, testing::Values(0, 1, 3, 4, 15, 16, 17, 31, 33, 127, 128, 129, 784, 1031));

TEST(DescendOfMany, IsRoundedOnceInBlocksOfTheDefaultSize) {
  const auto gradients = random_values(5003, 5);
  const auto parameters = random_values(5003, 6);
  EXPECT_EQ(bits(descend(gradients, 0.3F, parameters, kStreamingGrid)), bits(expected_from(gradients, 0.3F, parameters)));
}

/// The rate is read when the work is done, not when it is launched: a schedule changes it between replays of a graph.
TEST(DescendRate, IsReadOnTheDevice) {
  const Stream stream;
  const DeviceArray<float> gradients(stream, {1.0F, 2.0F});
  const DeviceArray<float> parameters(stream, {10.0F, 10.0F});
  const DeviceArray<float> rate(stream, {1.0F});
  for (int step = 0; step < 2; ++step) {
    launch_descend({.gradients = gradients.data(), .rate = rate.data(), .parameters = parameters.data(), .count = 2},
                   on(stream));
    launch_scale({.values = rate.data(), .count = 1, .factor = 0.5F}, on(stream));
  }
  EXPECT_EQ(parameters.values(), (std::vector<float>{8.5F, 7.0F}));
}

/// A NaN must be seen, and stay where it is.
TEST(DescendOfNaN, ComesThrough) {
  auto gradients = random_values(37, 7);
  auto parameters = random_values(37, 8);
  gradients[5] = kNaN;
  gradients[6] = kInfinity;
  parameters[36] = kNaN;
  const auto after = descend(gradients, 0.5F, parameters);
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(std::isnan(after[i]), i == 5 || i == 36) << i;
  EXPECT_EQ(after[6], -kInfinity);
  for (const float parameter : descend(gradients, kNaN, parameters)) EXPECT_TRUE(std::isnan(parameter));
  EXPECT_TRUE(std::isnan(descend({kInfinity}, 0.0F, {1.0F})[0]));
}

TEST(DescendMistakes, AreRefused) {
  const Stream stream;
  const auto launch_with = [&](GridLimits limits) { launch_descend({}, on(stream, limits)); };
  EXPECT_NO_THROW(launch_with(kStreamingGrid)) << "nothing to do, no memory";
  EXPECT_THROW(launch_with({.block = 33, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with({.block = 32, .blocks = kStreamingGrid.blocks + 1}), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
