// launch_bias_softmax against e^a over its row's sum in double.
#include <algorithm>
#include <cmath>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/layers.hpp"

namespace gradus::kernels {
namespace {

struct Softmax {
  std::vector<float> y;
  std::vector<float> kept;
};

Softmax softmax(const std::vector<float>& a, const std::vector<float>& bias, GridLimits limits = kSmallBlocks) {
  const Stream stream;
  const DeviceArray<float> y(stream, a);
  const DeviceArray<float> device_bias(stream, bias);
  const DeviceArray<float> kept(stream, std::vector<float>(a.size(), kNaN));
  launch_bias_softmax({.bias = device_bias.data(),
                       .a = y.data(),
                       .rows = a.size() / bias.size(),
                       .columns = bias.size(),
                       .kept = kept.data()},
                      on(stream, limits));
  EXPECT_EQ(device_bias.values(), bias);
  return {y.values(), kept.values()};
}

class BiasSoftmax : public testing::TestWithParam<Shape> {};

TEST_P(BiasSoftmax, IsExact) {
  const auto [rows, columns] = GetParam();
  for (const float range : {1.0F, 50.0F}) {
    const auto a = random_values(rows * columns, 1, range);
    const auto bias = random_values(columns, 2);
    const Softmax found = softmax(a, bias);
    for (std::size_t row = 0; row < rows; ++row) {
      std::vector<double> sums;
      for (std::size_t j = 0; j < columns; ++j) sums.push_back(static_cast<double>(a[row * columns + j] + bias[j]));
      const double greatest = *std::max_element(sums.begin(), sums.end());
      double total = 0.0;
      for (const double sum : sums) total += std::exp(sum - greatest);
      for (std::size_t j = 0; j < columns; ++j) {
        const double logarithm = sums[j] - greatest - std::log(total);
        const std::size_t i = row * columns + j;
        // The difference from the greatest is rounded, and counts in full in the exponent.
        ASSERT_NEAR(found.y[i], std::exp(logarithm), std::exp(logarithm) * (4e-7 + 1e-7 * std::abs(logarithm)) + 1e-37);
        ASSERT_NEAR(found.kept[i], logarithm, 2e-7 * (1.0 + std::abs(logarithm)));
      }
    }
  }
}

/// A row's bits depend on the row alone.
TEST_P(BiasSoftmax, TakesSeveralRoundsAndNeedsNoKept) {
  const auto [rows, columns] = GetParam();
  const auto a = random_values(rows * columns, 3, 5.0F);
  const auto bias = random_values(columns, 4);
  const Softmax expected = softmax(a, bias);
  const Softmax found = softmax(a, bias, kFewBlocks);
  EXPECT_EQ(bits(found.y), bits(expected.y));
  EXPECT_EQ(bits(found.kept), bits(expected.kept));
  const Stream stream;
  const DeviceArray<float> y(stream, a, 1);
  const DeviceArray<float> device_bias(stream, bias, 1);
  const DeviceArray<Bf16> rounded(stream, std::vector<Bf16>(a.size()));
  launch_bias_activation({.activation = Activation::softmax,
                          .bias = device_bias.data(),
                          .a = y.data(),
                          .rows = rows,
                          .columns = columns,
                          .rounded = rounded.data()},
                         on(stream));
  EXPECT_EQ(bits(y.values()), bits(expected.y));
  const auto halves = rounded.values();
  for (std::size_t i = 0; i < halves.size(); ++i)
    EXPECT_NEAR(std::bit_cast<float>(static_cast<std::uint32_t>(halves[i]) << 16), expected.y[i], expected.y[i] / 256.0F);
}

INSTANTIATE_TEST_SUITE_P(Shapes, BiasSoftmax, testing::ValuesIn(kShapes), testing::PrintToStringParamName());

/// A row with a NaN or +infinity is lost, and no other.
TEST(BiasSoftmaxOfNaN, ComesThrough) {
  const std::size_t columns = 35;
  for (const float odd : {kNaN, kInfinity}) {
    auto a = random_values(3 * columns, 5);
    a[columns + 33] = odd;
    const Softmax found = softmax(a, std::vector<float>(columns));
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(std::isnan(found.y[i]), i / columns == 1) << i;
  }
  std::vector<float> lowest(columns, 0.0F);
  lowest[3] = -kInfinity;
  EXPECT_EQ(softmax(lowest, std::vector<float>(columns)).y[3], 0.0F);
}

TEST(BiasSoftmaxMistakes, AreRefused) {
  const Stream stream;
  const auto launch_with = [&](std::size_t columns, GridLimits limits) {
    launch_bias_softmax({.columns = columns}, on(stream, limits));
  };
  EXPECT_NO_THROW(launch_with(3, kStreamingGrid)) << "no rows, no memory";
  EXPECT_THROW(launch_with(3, {.block = 33, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with(kMostColumns + 1, kStreamingGrid), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
