// launch_classify against std::max_element and sums in double.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/error_terms.hpp"

namespace gradus::kernels {
namespace {

struct Evaluation {
  std::vector<std::int32_t> predicted;
  double cost;
};

/// `y` (·, columns) and `t`, of the same size.
Evaluation evaluate(const std::vector<float>& y, const std::vector<float>& t, std::size_t columns,
                    GridLimits limits = kSmallBlocks, std::size_t offset = 0, double cost_before = 0.0) {
  const Stream stream;
  const std::size_t rows = y.size() / columns;
  const DeviceArray<float> device_y(stream, y, offset);
  const DeviceArray<float> device_t(stream, t, offset);
  const DeviceArray<std::int32_t> predicted(stream, std::vector<std::int32_t>(rows, -7), offset);
  const DeviceArray<double> cost(stream, {cost_before});
  const Scratch scratch(stream);
  launch_classify({.y = device_y.data(),
                   .t = device_t.data(),
                   .rows = rows,
                   .columns = columns,
                   .predicted = predicted.data(),
                   .cost = cost.data()},
                  on(stream, limits, scratch.get()));
  scratch.expect_tickets_zero();
  return {predicted.values(), cost.values().front()};
}

std::vector<std::int32_t> expected_classes(const std::vector<float>& y, std::size_t columns) {
  std::vector<std::int32_t> classes;
  for (auto row = y.begin(); row != y.end(); row += static_cast<std::ptrdiff_t>(columns))
    classes.push_back(static_cast<std::int32_t>(std::max_element(row, row + static_cast<std::ptrdiff_t>(columns)) - row));
  return classes;
}

double expected_cost(const std::vector<float>& y, const std::vector<float>& t) {
  double sum = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double error = static_cast<double>(y[i]) - static_cast<double>(t[i]);
    sum += 0.5 * error * error;
  }
  return sum;
}

void expect_evaluation(const std::vector<float>& y, const std::vector<float>& t, std::size_t columns,
                       const Evaluation& found, double cost_before = 0.0) {
  EXPECT_EQ(found.predicted, expected_classes(y, columns));
  const double expected = cost_before + expected_cost(y, t);
  EXPECT_NEAR(found.cost, expected, 1e-13 * expected);
}

class Classify : public testing::TestWithParam<Shape> {};

TEST_P(Classify, IsExact) {
  const auto [rows, columns] = GetParam();
  const auto y = random_values(rows * columns, 1);
  const auto t = random_values(rows * columns, 2);
  expect_evaluation(y, t, columns, evaluate(y, t, columns, kSmallBlocks, 0, 3.5), 3.5);
  expect_evaluation(y, t, columns, evaluate(y, t, columns, kFewBlocks));
  expect_evaluation(y, t, columns, evaluate(y, t, columns, kSmallBlocks, 1));
  expect_evaluation(y, t, columns, evaluate(y, t, columns, {.block = 96, .blocks = 1024}));
}

/// The first of many equal outputs is the class.
TEST_P(Classify, TakesTheFirstOfEqualOutputs) {
  const auto [rows, columns] = GetParam();
  std::mt19937 generator(3);
  std::vector<float> y(rows * columns);
  for (float& value : y) value = std::array{-kInfinity, -0.0F, 0.0F, 1.0F}[generator() % 4];
  EXPECT_EQ(evaluate(y, std::vector<float>(y.size()), columns).predicted, expected_classes(y, columns));
  const std::vector<float> lowest(y.size(), -kInfinity);
  EXPECT_EQ(evaluate(lowest, y, columns).predicted, std::vector<std::int32_t>(rows, 0));
}

/// As std::max_element has it: nothing is greater than a NaN in the first place, and a NaN is not greater than anything.
TEST_P(Classify, PassesOverNaN) {
  const auto [rows, columns] = GetParam();
  std::mt19937 generator(4);
  std::vector<float> y(rows * columns);
  for (float& value : y) value = std::array{kNaN, -kNaN, -kInfinity, -1.0F, 1.0F, kInfinity}[generator() % 6];
  EXPECT_EQ(evaluate(y, std::vector<float>(y.size()), columns).predicted, expected_classes(y, columns));
  const std::vector<float> all(y.size(), kNaN);
  EXPECT_EQ(evaluate(all, y, columns).predicted, std::vector<std::int32_t>(rows, 0));
}

/// Every place of the maximum, and every output in the error: powers of 2, of which each sum is exact.
TEST_P(Classify, TakesEveryColumnOnce) {
  const std::size_t columns = GetParam().columns;
  const std::size_t rows = std::min<std::size_t>(columns, 200);
  std::vector<float> y(rows * columns, 0.25F);
  for (std::size_t i = 0; i < rows; ++i) y[i * columns + i] = 0.5F;
  const Evaluation found = evaluate(y, std::vector<float>(y.size()), columns);
  EXPECT_EQ(found.predicted, expected_classes(y, columns));
  EXPECT_EQ(found.cost, expected_cost(y, std::vector<float>(y.size())));
}

INSTANTIATE_TEST_SUITE_P(Shapes, Classify, testing::ValuesIn(kShapes), testing::PrintToStringParamName());

INSTANTIATE_TEST_SUITE_P(Digits, Classify,
                         testing::Values(Shape{1, 10}, Shape{8, 10}, Shape{9, 10}, Shape{333, 10}, Shape{70, 4},
                                         Shape{70, 5}, Shape{40, 17}, Shape{5, 129}),
                         testing::PrintToStringParamName());

TEST(ClassifyMany, RepeatsInBlocksOfTheDefaultSize) {
  const auto y = random_values(4000 * 10, 5);
  const auto t = random_values(4000 * 10, 6);
  const Evaluation first = evaluate(y, t, 10, kSummingGrid);
  expect_evaluation(y, t, 10, first);
  EXPECT_EQ(evaluate(y, t, 10, kSummingGrid).cost, first.cost) << "bit for bit";
  EXPECT_EQ(evaluate(y, t, 10, kSummingGrid, 1).cost, first.cost) << "at any address";
}

/// An error is formed in double: as a float it would be 1, and the sum of their squares too.
TEST(ClassifyErrors, AreNotRounded) {
  EXPECT_EQ(evaluate({1.0F}, {0x1p-40F}, 1).cost, 0.5 * (1.0 - 0x1p-40) * (1.0 - 0x1p-40));
}

TEST(ClassifyPart, IsLeftOut) {
  const auto y = random_values(100 * 10, 7);
  const auto t = random_values(100 * 10, 8);
  const Stream stream;
  const DeviceArray<float> device_y(stream, y);
  const DeviceArray<float> device_t(stream, t);
  const DeviceArray<std::int32_t> predicted(stream, std::vector<std::int32_t>(100));
  const DeviceArray<double> cost(stream, {0.0});
  const Scratch scratch(stream);
  launch_classify({.y = device_y.data(), .rows = 100, .columns = 10, .predicted = predicted.data()}, on(stream));
  EXPECT_EQ(predicted.values(), expected_classes(y, 10)) << "without targets";
  launch_classify({.y = device_y.data(), .t = device_t.data(), .rows = 100, .columns = 10, .cost = cost.data()},
                  on(stream, kSmallBlocks, scratch.get()));
  EXPECT_NEAR(cost.values().front(), expected_cost(y, t), 1e-10) << "without classes";
  EXPECT_NO_THROW(launch_classify({.y = device_y.data(), .rows = 100, .columns = 10}, {.stream = stream.get()}))
      << "neither";
}

/// A stream's launches share the total and the scratch memory, whatever their shapes.
TEST(ClassifyInTurn, AddsUp) {
  const Stream stream;
  const DeviceArray<double> cost(stream, {0.0});
  const Scratch scratch(stream);
  double expected = 0.0;
  for (const Shape shape : {Shape{200, 10}, Shape{1, 5}, Shape{0, 3}, Shape{40, 100}, Shape{200, 10}}) {
    const DeviceArray<float> y(stream, std::vector<float>(shape.size(), 3.0F));
    const DeviceArray<float> t(stream, std::vector<float>(shape.size(), 1.0F));
    const DeviceArray<std::int32_t> predicted(stream, std::vector<std::int32_t>(shape.rows));
    launch_classify({.y = y.data(),
                     .t = t.data(),
                     .rows = shape.rows,
                     .columns = shape.columns,
                     .predicted = predicted.data(),
                     .cost = cost.data()},
                    on(stream, kSmallBlocks, scratch.get()));
    stream.wait();
    expected += 2.0 * static_cast<double>(shape.size());
  }
  EXPECT_EQ(cost.values().front(), expected);
  scratch.expect_tickets_zero();
}

/// A NaN must be seen in the error, wherever it is.
TEST(ClassifyNaN, ComesThrough) {
  const std::size_t size = 100 * 10;
  for (const std::size_t where : {std::size_t{0}, std::size_t{505}, size - 1}) {
    auto y = random_values(size, 9);
    auto t = random_values(size, 10);
    y[where] = kNaN;
    EXPECT_TRUE(std::isnan(evaluate(y, t, 10).cost)) << where;
    y[where] = 0.0F;
    t[where] = kNaN;
    EXPECT_TRUE(std::isnan(evaluate(y, t, 10).cost)) << where;
    t[where] = kInfinity;
    EXPECT_EQ(evaluate(y, t, 10).cost, static_cast<double>(kInfinity)) << where;
  }
}

TEST(ClassifyMistakes, AreRefused) {
  const Stream stream;
  const auto launch_with = [&](std::size_t columns, GridLimits limits) {
    launch_classify({.columns = columns}, on(stream, limits));
  };
  EXPECT_NO_THROW(launch_with(3, kSummingGrid)) << "no rows, no memory";
  EXPECT_NO_THROW(launch_with(0, kSummingGrid));
  EXPECT_THROW(launch_with(3, {.block = 40, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with(3, {.block = 32, .blocks = kSummingGrid.blocks + 1}), CudaError);
  EXPECT_THROW(launch_with(kMostColumns + 1, kSummingGrid), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
