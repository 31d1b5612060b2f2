// launch_output_error and launch_hidden_error against the same formulas in double.
#include "launchers/error_terms.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernel_testing.hpp"
#include "reference/reference_network.hpp"

namespace gradus::kernels {
namespace {

using internal::LossTerms;

/// Three roundings: of the difference, of the derivative and of the product. Some derivatives are small differences of
/// larger numbers, and are as exact as these.
void expect_term(Activation activation, float found, double error, double argument) {
  const double expected = error * reference::slope(activation, argument);
  const bool cancels = reference::slope_needs_input(activation) || activation == Activation::scaled_tanh;
  if (cancels)
    ASSERT_NEAR(found, expected, 3e-7 * std::abs(error)) << name(activation) << " at " << argument;
  else
    ASSERT_LE(ulps(found, expected), 3.0) << name(activation) << " at " << argument << ", error " << error;
}

/// How many floats a matrix begins behind a multiple of 16 bytes, and its columns.
struct Offsets {
  std::size_t columns = 1;
  std::size_t y = 0;
  std::size_t t = 0;
  std::size_t delta = 0;
};

struct OutputError {
  std::vector<float> delta;
  double cost;
};

OutputError output_error(Activation activation, const std::vector<float>& y, const std::vector<float>& t,
                         GridLimits limits = kSmallBlocks, Offsets offsets = {}, double cost_before = 0.0) {
  const Stream stream;
  const DeviceArray<float> device_y(stream, y, offsets.y);
  const DeviceArray<float> device_t(stream, t, offsets.t);
  const DeviceArray<float> delta(stream, std::vector<float>(y.size(), kNaN), offsets.delta);
  const DeviceArray<double> cost(stream, {cost_before});
  const Scratch scratch(stream);
  launch_output_error({.activation = activation,
                       .y = device_y.data(),
                       .kept = device_y.data(),
                       .t = device_t.data(),
                       .rows = y.size() / offsets.columns,
                       .columns = offsets.columns,
                       .delta = delta.data(),
                       .cost = cost.data()},
                      on(stream, limits, scratch.get()));
  scratch.expect_tickets_zero();
  EXPECT_EQ(device_y.values(), y);
  EXPECT_EQ(device_t.values(), t);
  return {delta.values(), cost.values().front()};
}

std::vector<float> hidden_error(Activation activation, const std::vector<float>& y, const std::vector<float>& delta,
                                GridLimits limits = kSmallBlocks, Offsets offsets = {}) {
  const Stream stream;
  const DeviceArray<float> device_y(stream, y, offsets.y);
  const DeviceArray<float> device_delta(stream, delta, offsets.delta);
  launch_hidden_error({.activation = activation,
                       .y = device_y.data(),
                       .delta = device_delta.data(),
                       .rows = y.size() / offsets.columns,
                       .columns = offsets.columns},
                      on(stream, limits));
  return device_delta.values();
}

void expect_output_error(Activation activation, const std::vector<float>& y, const std::vector<float>& t,
                         const OutputError& found, double cost_before) {
  double cost = cost_before;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double error = static_cast<double>(y[i]) - static_cast<double>(t[i]);
    cost += 0.5 * error * error;
    expect_term(activation, found.delta[i], error, static_cast<double>(y[i]));
  }
  EXPECT_NEAR(found.cost, cost, 3e-7 * cost);
}

class ErrorTerms : public testing::TestWithParam<Shape> {};

TEST_P(ErrorTerms, OutputErrorIsExact) {
  const auto y = random_values(GetParam().size(), 1);
  const auto t = random_values(GetParam().size(), 2);
  for (const Activation activation : kActivations)
    expect_output_error(activation, y, t, output_error(activation, y, t, kSmallBlocks, {.columns = GetParam().columns}, 3.5),
                        3.5);
}

TEST_P(ErrorTerms, OutputErrorTakesAnyAddressAndSeveralRounds) {
  const auto y = random_values(GetParam().size(), 3);
  const auto t = random_values(GetParam().size(), 4);
  const Activation activation = Activation::sigmoid;
  const std::size_t columns = GetParam().columns;
  for (const Offsets offsets :
       {Offsets{.columns = columns, .y = 1}, {.columns = columns, .t = 1}, {.columns = columns, .delta = 1}})
    expect_output_error(activation, y, t, output_error(activation, y, t, kSmallBlocks, offsets), 0.0);
  expect_output_error(activation, y, t, output_error(activation, y, t, kFewBlocks, {.columns = columns}), 0.0);
}

TEST_P(ErrorTerms, HiddenErrorIsExact) {
  const auto y = random_values(GetParam().size(), 5);
  const auto before = random_values(GetParam().size(), 6);
  for (const Activation activation : kActivations) {
    const auto delta = hidden_error(activation, y, before, kSmallBlocks, {.columns = GetParam().columns});
    for (std::size_t i = 0; i < y.size(); ++i) {
      expect_term(activation, delta[i], static_cast<double>(before[i]), static_cast<double>(y[i]));
    }
  }
}

TEST_P(ErrorTerms, HiddenErrorTakesAnyAddressAndSeveralRounds) {
  const auto y = random_values(GetParam().size(), 7);
  const auto delta = random_values(GetParam().size(), 8);
  const std::size_t columns = GetParam().columns;
  const auto expected = bits(hidden_error(Activation::tanh, y, delta));
  EXPECT_EQ(bits(hidden_error(Activation::tanh, y, delta, kSmallBlocks, {.columns = columns, .y = 1})), expected);
  EXPECT_EQ(bits(hidden_error(Activation::tanh, y, delta, kSmallBlocks, {.columns = columns, .delta = 1})), expected);
  EXPECT_EQ(bits(hidden_error(Activation::tanh, y, delta, kFewBlocks, {.columns = columns})), expected);
}

TEST(OutputErrorOfMany, IsExactAndRepeatsInBlocksOfTheDefaultSize) {
  const auto y = random_values(1000 * 65, 9);
  const auto t = random_values(1000 * 65, 10);
  const OutputError first = output_error(Activation::sigmoid, y, t, kSummingGrid);
  expect_output_error(Activation::sigmoid, y, t, first, 0.0);
  const OutputError second = output_error(Activation::sigmoid, y, t, kSummingGrid);
  EXPECT_EQ(first.cost, second.cost) << "bit for bit";
  EXPECT_EQ(bits(first.delta), bits(second.delta));
}

/// The first number of each thread is large, and the many small ones after it would be lost in a sum of floats.
TEST(OutputErrorOfUnequalNumbers, AreNotLost) {
  constexpr std::size_t kAtOnce = 8 * 32;  // by one block
  constexpr std::size_t kRounds = 16;
  std::vector<float> y((1 + kRounds) * kAtOnce, 1.0F);
  std::fill_n(y.begin(), kAtOnce, 8192.0F);
  const OutputError found = output_error(Activation::identity, y, std::vector<float>(y.size()), {.block = 32, .blocks = 1});
  EXPECT_EQ(found.cost, 0.5 * static_cast<double>(kAtOnce) * (0x1p26 + static_cast<double>(kRounds)));
}

/// A stream's launches share the total and the scratch memory, whatever their shapes.
TEST(OutputErrorOfBatches, AddsUp) {
  const Stream stream;
  const DeviceArray<double> cost(stream, {0.0});
  const Scratch scratch(stream);
  double expected = 0.0;
  for (const std::size_t size : {2000, 5, 1300, 0, 128, 2000}) {
    const DeviceArray<float> y(stream, std::vector<float>(size, 3.0F));
    const DeviceArray<float> t(stream, std::vector<float>(size, 1.0F));
    const DeviceArray<float> delta(stream, std::vector<float>(size));
    launch_output_error(
        {.y = y.data(), .t = t.data(), .rows = size, .columns = 1, .delta = delta.data(), .cost = cost.data()},
        on(stream, kSmallBlocks, scratch.get()));
    stream.wait();
    expected += 2.0 * static_cast<double>(size);
  }
  EXPECT_EQ(cost.values().front(), expected);
  scratch.expect_tickets_zero();
}

/// A NaN must be seen in the cost, wherever it is, and stay where it is in the error terms.
TEST(OutputErrorOfNaN, ComesThrough) {
  const std::size_t size = 1003;
  for (const Activation activation : kActivations) {
    for (const std::size_t where : {std::size_t{0}, std::size_t{500}, size - 1}) {
      auto y = random_values(size, 11);
      const auto t = random_values(size, 12);
      y[where] = kNaN;
      const Stream stream;
      const DeviceArray<float> device_y(stream, y);
      const DeviceArray<float> device_t(stream, t);
      const DeviceArray<float> delta(stream, std::vector<float>(size));
      const DeviceArray<double> cost(stream, {0.0});
      const Scratch scratch(stream);
      launch_output_error({.activation = activation,
                           .y = device_y.data(),
                           .kept = device_y.data(),
                           .t = device_t.data(),
                           .rows = size,
                           .columns = 1,
                           .delta = delta.data(),
                           .cost = cost.data()},
                          on(stream, kSmallBlocks, scratch.get()));
      EXPECT_TRUE(std::isnan(cost.values().front()));
      const auto deltas = delta.values();
      for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(std::isnan(deltas[i]), i == where) << name(activation) << " " << i;
    }
  }
}

TEST(OutputErrorOfInfinity, ComesThrough) {
  const OutputError found = output_error(Activation::identity, {1.0F, kInfinity, 2.0F}, {0.0F, 0.0F, 0.0F});
  EXPECT_EQ(found.delta, (std::vector<float>{1.0F, kInfinity, 2.0F}));
  EXPECT_EQ(found.cost, static_cast<double>(kInfinity));
}

TEST(HiddenErrorOfNaN, ComesThrough) {
  for (const Activation activation : kActivations) {
    const auto delta = hidden_error(activation, {0.5F, 0.5F, 0.5F, 0.5F, 0.5F}, {1.0F, kNaN, 1.0F, 1.0F, kInfinity});
    for (std::size_t i = 0; i < delta.size(); ++i) EXPECT_EQ(std::isnan(delta[i]), i == 1) << name(activation);
    EXPECT_EQ(delta[4], kInfinity) << name(activation);
    if (activation != Activation::identity) {
      EXPECT_TRUE(std::isnan(hidden_error(activation, {kNaN}, {1.0F})[0])) << name(activation);
    }
  }
}

/// The derivative of relu at 0 is 0, whatever the sign of the 0.
TEST(HiddenErrorOfRelu, IsZeroAtZero) {
  EXPECT_EQ(hidden_error(Activation::relu, {0.0F, -0.0F, 1e-45F}, {7.0F, 7.0F, 7.0F}),
            (std::vector<float>{0.0F, 0.0F, 7.0F}));
}

/// More tiles of columns than the scratch memory has places for partial sums: nothing is written elsewhere.
TEST(OutputErrorOfManyColumns, AddsUp) {
  constexpr std::size_t kColumns = 33 * 1024;  // in tiles of 32
  const auto y = random_values(kColumns, 16);
  const auto t = random_values(kColumns, 17);
  for (const std::size_t rows : {1, 2}) {
    std::vector<float> ys;
    std::vector<float> ts;
    for (std::size_t row = 0; row < rows; ++row) {
      ys.insert(ys.end(), y.begin(), y.end());
      ts.insert(ts.end(), t.begin(), t.end());
    }
    const OutputError found = output_error(Activation::sigmoid, ys, ts, kSmallBlocks, {.columns = kColumns});
    expect_output_error(Activation::sigmoid, ys, ts, found, 0.0);
  }
}

/// The biases are updated by the column sums of Δ as it was written, however the work was divided, and nothing else changes.
TEST_P(ErrorTerms, GiveTheBiasesTheirColumnSums) {
  const auto [rows, columns] = GetParam();
  const auto y = random_values(rows * columns, 13);
  const auto t = random_values(rows * columns, 14);
  const auto before = random_values(columns, 15);
  for (const GridLimits limits : {kSmallBlocks, kFewBlocks, GridLimits{.block = 96, .blocks = 1024}}) {
    const Stream stream;
    const DeviceArray<float> device_y(stream, y);
    const DeviceArray<float> device_t(stream, t);
    const DeviceArray<float> delta(stream, std::vector<float>(y.size(), kNaN));
    const DeviceArray<float> biases(stream, before);
    const DeviceArray<float> factor(stream, {-0.25F});
    const DeviceArray<double> cost(stream, {0.0});
    const Scratch scratch(stream);
    const On where = on(stream, limits, scratch.get());
    const ColumnSums sums{.alpha = {.on_device = factor.data()}, .beta = 1.0F, .out = biases.data()};
    const auto expect_sums = [&](std::vector<float> old) {
      const auto deltas = delta.values();
      const auto found = biases.values();
      for (std::size_t column = 0; column < columns; ++column) {
        double expected = static_cast<double>(old[column]);
        for (std::size_t i = column; i < deltas.size(); i += columns) expected -= 0.25 * static_cast<double>(deltas[i]);
        EXPECT_NEAR(found[column], expected, 1e-6 * (1.0 + static_cast<double>(rows) / 16.0)) << "column " << column;
      }
      scratch.expect_tickets_zero();
    };
    launch_output_error({.activation = Activation::sigmoid,
                         .y = device_y.data(),
                         .t = device_t.data(),
                         .rows = rows,
                         .columns = columns,
                         .delta = delta.data(),
                         .biases = sums,
                         .cost = cost.data()},
                        where);
    expect_sums(before);
    expect_output_error(Activation::sigmoid, y, t, {delta.values(), cost.values().front()}, 0.0);
    const auto then = biases.values();
    launch_hidden_error({.activation = Activation::tanh,
                         .y = device_y.data(),
                         .delta = delta.data(),
                         .rows = rows,
                         .columns = columns,
                         .biases = sums},
                        where);
    expect_sums(then);
  }
}

/// A row's loss and error terms count by its weight, in the biases and the cost too.
TEST_P(ErrorTerms, CountByTheirWeights) {
  const auto [rows, columns] = GetParam();
  const auto y = random_values(rows * columns, 31);
  const auto t = random_values(rows * columns, 32);
  auto weights = random_values(rows, 33, 2.0F);
  for (float& weight : weights) weight = std::abs(weight);
  if (!weights.empty()) weights.front() = 0.0F;
  for (const LossTerms& loss : {LossTerms{}, LossTerms{.kind = Loss::huber, .delta = 0.5F}}) {
    const Stream stream;
    const DeviceArray<float> device_y(stream, y);
    const DeviceArray<float> device_t(stream, t);
    const DeviceArray<float> device_weights(stream, weights);
    const DeviceArray<float> delta(stream, std::vector<float>(y.size(), kNaN));
    const DeviceArray<float> biases(stream, std::vector<float>(columns, kNaN));
    const DeviceArray<double> cost(stream, {0.0});
    const Scratch scratch(stream);
    launch_output_error({.activation = Activation::sigmoid,
                         .loss = loss,
                         .y = device_y.data(),
                         .t = device_t.data(),
                         .weights = device_weights.data(),
                         .rows = rows,
                         .columns = columns,
                         .delta = delta.data(),
                         .biases = {.out = biases.data()},
                         .cost = cost.data()},
                        on(stream, kSmallBlocks, scratch.get()));
    const auto deltas = delta.values();
    std::vector<double> sums(columns);
    double expected_cost = 0.0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto weight = static_cast<double>(weights[i / columns]);
      const auto output = static_cast<double>(y[i]);
      const double error = output - static_cast<double>(t[i]);
      const bool is_far = loss.kind == Loss::huber && std::abs(error) > 0.5;
      const double slope = is_far ? std::copysign(0.5, error) : error;
      const double term = weight * slope * reference::slope(Activation::sigmoid, output);
      EXPECT_NEAR(static_cast<double>(deltas[i]), term, 1e-6) << i;
      sums[i % columns] += term;
      expected_cost += weight * (is_far ? 0.5 * (std::abs(error) - 0.25) : 0.5 * error * error);
    }
    EXPECT_NEAR(cost.values().front(), expected_cost, 1e-6 * expected_cost);
    const auto found = biases.values();
    for (std::size_t j = 0; j < columns; ++j)
      EXPECT_NEAR(static_cast<double>(found[j]), sums[j], 1e-6 * static_cast<double>(rows + 1));
  }
}

/// Every loss, with what was kept beside the outputs, against the formulas in double.
TEST_P(ErrorTerms, OfEveryLoss) {
  const auto [rows, columns] = GetParam();
  const auto y = random_values(rows * columns, 21);
  const auto kept = random_values(rows * columns, 22, 30.0F);
  const auto t = random_values(rows * columns, 23);
  for (const Loss kind : kValues<Loss>) {
    SCOPED_TRACE(name(kind));
    const LossTerms loss{.kind = kind, .scale = 0.875F, .shift = 0.0625F, .delta = 0.5F};
    reference::Network network;
    network.loss = kind;
    network.huber_delta = 0.5;
    network.widths = {columns};
    const Stream stream;
    const DeviceArray<float> device_y(stream, y);
    const DeviceArray<float> device_kept(stream, kept);
    const DeviceArray<float> device_t(stream, t);
    const DeviceArray<float> delta(stream, std::vector<float>(y.size(), kNaN));
    const DeviceArray<double> cost(stream, {0.0});
    const DeviceArray<double> exact_cost(stream, {0.0});
    const Scratch scratch(stream);
    const On where = on(stream, kSmallBlocks, scratch.get());
    launch_output_error({.activation = Activation::sigmoid,
                         .loss = loss,
                         .y = device_y.data(),
                         .kept = device_kept.data(),
                         .t = device_t.data(),
                         .rows = rows,
                         .columns = columns,
                         .delta = delta.data(),
                         .cost = cost.data()},
                        where);
    launch_classify({.loss = loss,
                     .y = device_y.data(),
                     .kept = device_kept.data(),
                     .t = device_t.data(),
                     .rows = rows,
                     .columns = columns,
                     .cost = exact_cost.data()},
                    where);
    const auto deltas = delta.values();
    double expected_cost = 0.0;
    double size = 0.0;  // of what was added, of either sign
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto output = static_cast<double>(y[i]);
      const auto target = static_cast<double>(t[i]);
      const auto beside = static_cast<double>(kept[i]);
      const double slope = reference::slope(Activation::sigmoid, output);
      double term = reference::loss_slope(network, output, target) * slope;
      double one = reference::loss(network, output, target);
      if (kind == Loss::cross_entropy) {
        one = -(0.875 * target + 0.0625) * beside;
        term = output - (0.875 * target + 0.0625);
      } else if (kind == Loss::binary_cross_entropy) {
        one = std::max(beside, 0.0) - beside * target + std::log1p(std::exp(-std::abs(beside)));
        term = output - target;
      }
      expected_cost += one;
      size += std::abs(one);
      ASSERT_NEAR(deltas[i], term, 3e-7 * (1.0 + std::abs(term)));
    }
    EXPECT_NEAR(cost.values().front(), expected_cost, 3e-7 * size);
    EXPECT_NEAR(exact_cost.values().front(), expected_cost, 1e-12 * size);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, ErrorTerms, testing::ValuesIn(kShapes), testing::PrintToStringParamName());

TEST(ErrorTermsMistakes, AreRefused) {
  const Stream stream;
  const auto output = [&](GridLimits limits) {
    launch_output_error({.activation = Activation::tanh, .columns = 3}, on(stream, limits));
  };
  const auto hidden = [&](GridLimits limits) {
    launch_hidden_error({.activation = Activation::tanh, .columns = 3}, on(stream, limits));
  };
  EXPECT_NO_THROW(output(kSummingGrid)) << "no rows, no memory";
  EXPECT_NO_THROW(hidden(kSummingGrid));
  const GridLimits odd{.block = 40, .blocks = 1};
  EXPECT_THROW(output(odd), CudaError);
  EXPECT_THROW(hidden(odd), CudaError);
  const GridLimits large{.block = 288, .blocks = 1};
  EXPECT_THROW(output(large), CudaError) << "a block's threads would need more registers than there are";
  EXPECT_THROW(hidden(large), CudaError);
  const GridLimits many{.block = 32, .blocks = kSummingGrid.blocks + 1};
  EXPECT_THROW(output(many), CudaError) << "the scratch memory has fewer places";
}

}  // namespace
}  // namespace gradus::kernels
