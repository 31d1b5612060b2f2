// launch_bias_activation against σ(a + b) in double. The sum a + b is a float's: it is rounded once in the reference too.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/layers.hpp"
#include "reference/reference_network.hpp"

namespace gradus::kernels {
namespace {

/// How far from exact a result may be, in units of the last place.
double tolerance(Activation activation, double a) {
  switch (activation) {
    case Activation::identity:
    case Activation::relu:
      return 0.5;
    case Activation::leaky_relu:
      return 1.5;  // 0.01 is rounded too
    case Activation::sigmoid:
    case Activation::tanh:
    case Activation::elu:
    case Activation::softplus:
      return 2.5;
    case Activation::gelu:
      return 5.0 + 2.0 * a * a;  // far below 0 the rounding of a/√2 changes erfc by this much
    default:
      return 4.0;
  }
}

std::vector<float> bias_activation(Activation activation, const std::vector<float>& a, const std::vector<float>& bias,
                                   GridLimits limits = kSmallBlocks, std::size_t offset_a = 0, std::size_t offset_bias = 0) {
  const Stream stream;
  const DeviceArray<float> device_a(stream, a, offset_a);
  const DeviceArray<float> device_bias(stream, bias, offset_bias);
  launch_bias_activation({.activation = activation,
                          .bias = device_bias.data(),
                          .a = device_a.data(),
                          .rows = a.size() / bias.size(),
                          .columns = bias.size()},
                         on(stream, limits));
  return device_a.values();
}

void expect_exact(Activation activation, const std::vector<float>& a, const std::vector<float>& bias,
                  const std::vector<float>& y) {
  ASSERT_EQ(y.size(), a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    const float sum = a[i] + bias[i % bias.size()];
    ASSERT_LE(ulps(y[i], reference::activate(activation, static_cast<double>(sum))),
              tolerance(activation, static_cast<double>(sum)))
        << name(activation) << "(" << sum << ") gave " << y[i] << ", row " << i / bias.size() << " column "
        << i % bias.size();
  }
}

class BiasActivation : public testing::TestWithParam<Shape> {};

TEST_P(BiasActivation, IsExact) {
  const Shape shape = GetParam();
  const auto a = random_values(shape.size(), 1, 8.0F);
  const auto bias = random_values(shape.columns, 2);
  for (const Activation activation : kActivations) expect_exact(activation, a, bias, bias_activation(activation, a, bias));
}

TEST_P(BiasActivation, TakesAnyAddress) {
  const Shape shape = GetParam();
  const auto a = random_values(shape.size(), 3, 8.0F);
  const auto bias = random_values(shape.columns, 4);
  const Activation activation = Activation::sigmoid;
  const auto aligned = bits(bias_activation(activation, a, bias));
  EXPECT_EQ(bits(bias_activation(activation, a, bias, kSmallBlocks, 1, 0)), aligned);
  EXPECT_EQ(bits(bias_activation(activation, a, bias, kSmallBlocks, 0, 1)), aligned);
}

TEST_P(BiasActivation, TakesSeveralRounds) {
  const Shape shape = GetParam();
  const auto a = random_values(shape.size(), 5, 8.0F);
  const auto bias = random_values(shape.columns, 6);
  const Activation activation = Activation::relu;
  EXPECT_EQ(bits(bias_activation(activation, a, bias, kFewBlocks)), bits(bias_activation(activation, a, bias)));
}

INSTANTIATE_TEST_SUITE_P(Shapes, BiasActivation, testing::ValuesIn(kShapes), testing::PrintToStringParamName());

TEST(BiasActivationOfMany, IsExactInBlocksOfTheDefaultSize) {
  const auto a = random_values(1000 * 129, 7, 8.0F);
  const auto bias = random_values(129, 8);
  expect_exact(Activation::sigmoid, a, bias, bias_activation(Activation::sigmoid, a, bias, kStreamingGrid));
}

/// Floats of every size, evenly spread over the bit patterns up to ±limit.
std::vector<float> floats_up_to(float limit) {
  std::vector<float> values;
  for (std::uint32_t bits = 0; bits <= std::bit_cast<std::uint32_t>(limit); bits += 100003) {
    values.push_back(std::bit_cast<float>(bits));
    values.push_back(-std::bit_cast<float>(bits));
  }
  return values;
}

TEST(ActivationAccuracy, HoldsForFloatsOfEverySize) {
  const std::vector<float> a = floats_up_to(80.0F);
  for (const Activation activation : kActivations)
    expect_exact(activation, a, {0.0F}, bias_activation(activation, a, {0.0F}));
}

/// Where e^{-a} is infinite the result is 0, though the exact one would still be a denormal float.
TEST(ActivationAccuracy, SigmoidSaturates) {
  const float most = std::numeric_limits<float>::max();
  const auto y = bias_activation(Activation::sigmoid,
                                 {kInfinity, most, 100.0F, 89.0F, -88.0F, -89.0F, -100.0F, -most, -kInfinity}, {0.0F});
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(y[i], 1.0F);
  EXPECT_NEAR(y[4], std::exp(-88.0), 1e-44);
  for (std::size_t i = 5; i < 7; ++i) EXPECT_NEAR(y[i], 0.0F, 3e-39F);
  for (std::size_t i = 7; i < 9; ++i) EXPECT_EQ(y[i], 0.0F);
}

TEST(ActivationAccuracy, TanhSaturates) {
  const float most = std::numeric_limits<float>::max();
  const auto y = bias_activation(Activation::tanh, {kInfinity, most, 100.0F, -100.0F, -most, -kInfinity}, {0.0F});
  EXPECT_EQ(y, (std::vector<float>{1.0F, 1.0F, 1.0F, -1.0F, -1.0F, -1.0F}));
}

TEST(ActivationAccuracy, DenormalsAreNotFlushed) {
  const float least = std::numeric_limits<float>::denorm_min();
  const std::vector<float> a{least, 1000.0F * least, -least, -1000.0F * least};
  EXPECT_EQ(bias_activation(Activation::identity, a, {0.0F}), a);
  EXPECT_EQ(bias_activation(Activation::tanh, a, {0.0F}), a);
  EXPECT_EQ(bias_activation(Activation::relu, a, {0.0F}), (std::vector<float>{a[0], a[1], 0.0F, 0.0F}));
  EXPECT_EQ(bias_activation(Activation::sigmoid, a, {0.0F}), (std::vector<float>(4, 0.5F)));
}

/// A NaN must be seen, and stay where it is.
TEST(BiasActivationOfNaN, ComesThrough) {
  const std::size_t columns = 5;
  auto a = random_values(7 * columns, 9);
  auto bias = random_values(columns, 10);
  a[13] = kNaN;
  bias[1] = kNaN;
  for (const Activation activation : kActivations) {
    const auto y = bias_activation(activation, a, bias);
    for (std::size_t i = 0; i < y.size(); ++i)
      EXPECT_EQ(std::isnan(y[i]), i == 13 || i % columns == 1) << name(activation) << " at " << i;
  }
}

TEST(BiasActivationOfInfinity, ComesThrough) {
  const std::vector<float> a{kInfinity, -kInfinity};
  EXPECT_EQ(bias_activation(Activation::identity, a, {1.0F}), a);
  EXPECT_EQ(bias_activation(Activation::relu, a, {1.0F}), (std::vector<float>{kInfinity, 0.0F}));
  EXPECT_TRUE(std::isnan(bias_activation(Activation::sigmoid, a, {-kInfinity})[0]));
}

/// What is kept is the sum itself, wherever it lies, and keeping it changes nothing.
TEST(BiasActivationKept, IsTheSum) {
  const std::size_t columns = 33;
  const auto a = random_values(7 * columns, 11, 8.0F);
  const auto bias = random_values(columns, 12);
  std::vector<float> sums;
  for (std::size_t i = 0; i < a.size(); ++i) sums.push_back(a[i] + bias[i % columns]);
  for (const Activation activation : kActivations)
    for (const std::size_t offset : {0, 1, 3}) {
      const Stream stream;
      const DeviceArray<float> y(stream, a);
      const DeviceArray<float> device_bias(stream, bias);
      const DeviceArray<float> kept(stream, std::vector<float>(a.size(), kNaN), offset);
      launch_bias_activation({.activation = activation,
                              .bias = device_bias.data(),
                              .a = y.data(),
                              .rows = 7,
                              .columns = columns,
                              .kept = kept.data()},
                             on(stream));
      EXPECT_EQ(bits(kept.values()), bits(sums));
      EXPECT_EQ(bits(y.values()), bits(bias_activation(activation, a, bias)));
    }
}

TEST(BiasActivationMistakes, AreRefused) {
  const Stream stream;
  const auto launch_with = [&](std::size_t columns, GridLimits limits) {
    launch_bias_activation({.activation = Activation::tanh, .columns = columns}, on(stream, limits));
  };
  EXPECT_NO_THROW(launch_with(3, kStreamingGrid)) << "no rows, no memory";
  EXPECT_NO_THROW(launch_with(0, kStreamingGrid));
  EXPECT_THROW(launch_with(3, {.block = 33, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with(3, {.block = 2048, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with(3, {.block = 32, .blocks = 0}), CudaError);
  EXPECT_THROW(launch_with(3, {.block = 32, .blocks = kStreamingGrid.blocks + 1}), CudaError);
  EXPECT_THROW(launch_with(kMostColumns + 1, kStreamingGrid), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
