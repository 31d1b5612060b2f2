// The bf16 copies that kernels write: the nearest values to those in fp32, wherever the matrices begin.
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/elementwise.hpp"
#include "launchers/error_terms.hpp"
#include "launchers/layers.hpp"
#include "launchers/samples.hpp"

namespace gradus::kernels {
namespace {

/// The nearest bf16, ties to even, by the definition: of the two neighbours the nearer.
Bf16 nearest(float value) {
  const auto word = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return 0x7FFF;
  const std::uint32_t below = word & 0xFFFF0000U;
  const std::uint32_t rest = word & 0xFFFFU;
  const bool is_odd = (below >> 16 & 1U) != 0;
  const bool goes_up = rest > 0x8000U || (rest == 0x8000U && is_odd);
  return static_cast<Bf16>((below >> 16) + (goes_up ? 1U : 0U));
}

void expect_rounded(const std::vector<Bf16>& found, const std::vector<float>& values) {
  ASSERT_EQ(found.size(), values.size());
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], nearest(values[i])) << values[i] << " at " << i;
}

constexpr Bf16 kUnset = 0x1234;

class Rounded : public testing::TestWithParam<Shape> {};

TEST_P(Rounded, Values) {
  const std::size_t size = GetParam().size();
  const auto values = random_values(size, 1, 100.0F);
  for (const std::size_t offset : {0, 1, 2}) {
    const Stream stream;
    const DeviceArray<float> device_values(stream, values, offset);
    const DeviceArray<Bf16> rounded(stream, std::vector<Bf16>(size, kUnset), offset);
    launch_round({.values = device_values.data(), .rounded = rounded.data(), .count = size}, on(stream));
    expect_rounded(rounded.values(), values);
  }
}

TEST_P(Rounded, Activations) {
  const auto [rows, columns] = GetParam();
  const auto a = random_values(rows * columns, 2, 4.0F);
  const auto bias = random_values(columns, 3);
  for (const std::size_t offset : {0, 1}) {
    const Stream stream;
    const DeviceArray<float> y(stream, a);
    const DeviceArray<float> device_bias(stream, bias);
    const DeviceArray<Bf16> rounded(stream, std::vector<Bf16>(a.size(), kUnset), offset);
    launch_bias_activation({.activation = Activation::sigmoid,
                            .bias = device_bias.data(),
                            .a = y.data(),
                            .rows = rows,
                            .columns = columns,
                            .rounded = rounded.data()},
                           on(stream));
    expect_rounded(rounded.values(), y.values());
  }
}

TEST_P(Rounded, ErrorTerms) {
  const auto [rows, columns] = GetParam();
  const Stream stream;
  const DeviceArray<float> y(stream, random_values(rows * columns, 4));
  const DeviceArray<float> t(stream, random_values(rows * columns, 5));
  const DeviceArray<float> delta(stream, std::vector<float>(rows * columns));
  const DeviceArray<double> squared_error(stream, {0.0});
  const Scratch scratch(stream);
  for (const Activation activation : kActivations) {
    const DeviceArray<Bf16> of_output(stream, std::vector<Bf16>(rows * columns, kUnset), 1);
    launch_output_error({.activation = activation,
                         .y = y.data(),
                         .kept = y.data(),
                         .t = t.data(),
                         .rows = rows,
                         .columns = columns,
                         .delta = delta.data(),
                         .rounded = of_output.data(),
                         .cost = squared_error.data()},
                        on(stream, kSmallBlocks, scratch.get()));
    expect_rounded(of_output.values(), delta.values());
    const DeviceArray<Bf16> of_hidden(stream, std::vector<Bf16>(rows * columns, kUnset));
    launch_hidden_error({.activation = activation,
                         .y = y.data(),
                         .delta = delta.data(),
                         .rows = rows,
                         .columns = columns,
                         .rounded = of_hidden.data()},
                        on(stream));
    expect_rounded(of_hidden.values(), delta.values());
  }
}

TEST_P(Rounded, Minibatches) {
  const auto [rows, columns] = GetParam();
  const Stream stream;
  const DeviceArray<float> all(stream, random_values(rows * columns, 6, 10.0F));
  const DeviceArray<float> shift(stream, random_values(columns, 7));
  const DeviceArray<float> scale(stream, random_values(columns, 8));
  std::vector<std::uint32_t> order(rows);
  for (std::size_t i = 0; i < rows; ++i) order[i] = static_cast<std::uint32_t>(rows - 1 - i);
  const DeviceArray<std::uint32_t> device_order(stream, order);
  internal::SampleView samples;
  samples.features = columns;
  samples.floats = all.data();
  samples.input_shift = shift.data();
  samples.input_scale = scale.data();
  for (const std::size_t offset : {0, 1}) {
    const DeviceArray<float> x(stream, std::vector<float>(rows * columns));
    const DeviceArray<Bf16> rounded(stream, std::vector<Bf16>(rows * columns, kUnset), offset);
    launch_gather_rows(
        {.samples = samples, .order = device_order.data(), .rows = rows, .x = x.data(), .rounded_x = rounded.data()},
        on(stream));
    expect_rounded(rounded.values(), x.values());
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Rounded, testing::ValuesIn(kShapes), testing::PrintToStringParamName());

TEST(RoundedValues, AreTheNearestAtEveryEdge) {
  const std::vector<float> values{0.0F,          -0.0F,      1.0F,
                                  0x1.01p0F,      // halfway, below is even
                                  0x1.03p0F,      // halfway, above is even
                                  0x1.010002p0F,  // a little above halfway
                                  -0x1.03p0F,
                                  0x1.FFp127F,  // rounds to infinity
                                  kInfinity,     -kInfinity, kNaN, 0x1p-149F, 0x1p-133F};
  const Stream stream;
  const DeviceArray<float> device_values(stream, values);
  const DeviceArray<Bf16> rounded(stream, std::vector<Bf16>(values.size(), kUnset));
  launch_round({.values = device_values.data(), .rounded = rounded.data(), .count = values.size()}, on(stream));
  expect_rounded(rounded.values(), values);
}

}  // namespace
}  // namespace gradus::kernels
