// The column sums of error terms against plain sums in double. The derivative of the identity is 1, so that the error terms
// are what they were.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/error_terms.hpp"

namespace gradus::kernels {
namespace {

struct Factors {
  float alpha = 1.0F;
  float beta = 0.0F;
};

/// `delta` (rows, columns).
struct Terms {
  float* delta = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
};

void launch_column_sums(const Terms& terms, const kernels::ColumnSums& sums, const On& on) {
  launch_hidden_error({.delta = terms.delta, .rows = terms.rows, .columns = terms.columns, .biases = sums}, on);
}

std::vector<float> column_sums(const std::vector<float>& delta, const std::vector<float>& before, Factors factors = {},
                               GridLimits limits = kSmallBlocks, std::size_t offset = 0) {
  const Stream stream;
  const DeviceArray<float> device_delta(stream, delta, offset);
  const DeviceArray<float> out(stream, before, offset);
  const Scratch scratch(stream);
  launch_column_sums({device_delta.data(), delta.size() / before.size(), before.size()},
                     {.alpha = {.value = factors.alpha}, .beta = factors.beta, .out = out.data()},
                     on(stream, limits, scratch.get()));
  scratch.expect_tickets_zero();
  return out.values();
}

/// Small whole numbers, of which a float holds every sum exactly: a row that is missed or taken twice is seen.
std::vector<float> whole_numbers(std::size_t count, std::uint32_t seed) {
  std::mt19937 generator(seed);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(generator() % 201) - 100.0F;
  return values;
}

std::vector<float> exact_sums(const std::vector<float>& delta, std::size_t columns) {
  std::vector<float> sums(columns, 0.0F);
  for (std::size_t i = 0; i < delta.size(); ++i) sums[i % columns] += delta[i];
  return sums;
}

class ColumnSums : public testing::TestWithParam<Shape> {};

TEST_P(ColumnSums, TakesEveryRowOnce) {
  const auto delta = whole_numbers(GetParam().size(), 1);
  const std::vector<float> garbage(GetParam().columns, kNaN);  // is not read
  const auto expected = exact_sums(delta, GetParam().columns);
  EXPECT_EQ(column_sums(delta, garbage), expected);
  EXPECT_EQ(column_sums(delta, garbage, {}, kFewBlocks), expected);
  EXPECT_EQ(column_sums(delta, garbage, {}, kSmallBlocks, 1), expected) << "at an odd address";
  EXPECT_EQ(column_sums(delta, garbage, {}, {.block = 96, .blocks = 1024}), expected);
}

TEST_P(ColumnSums, IsExact) {
  const auto [rows, columns] = GetParam();
  const auto delta = random_values(rows * columns, 2);
  const auto before = random_values(columns, 3);
  for (const Factors factors : {Factors{-0.3F, 0.0F}, Factors{0.7F, 1.0F}, Factors{1.0F, 0.5F}, Factors{0.0F, 1.0F}}) {
    const auto found = column_sums(delta, factors.beta == 0.0F ? std::vector<float>(columns, kNaN) : before, factors);
    for (std::size_t column = 0; column < columns; ++column) {
      double expected = static_cast<double>(factors.beta) * static_cast<double>(before[column]);
      double magnitude = std::abs(expected);
      for (std::size_t row = 0; row < rows; ++row) {
        const double term = static_cast<double>(factors.alpha) * static_cast<double>(delta[row * columns + column]);
        expected += term;
        magnitude += std::abs(term);
      }
      EXPECT_NEAR(found[column], expected, 2e-7 * magnitude) << "column " << column;
    }
  }
}

/// The sum of small whole numbers is exact, and then the result is rounded once.
TEST_P(ColumnSums, RoundsOnce) {
  const auto delta = whole_numbers(GetParam().size(), 7);
  const auto before = random_values(GetParam().columns, 8);
  const Factors factors{0.3F, 0.7F};
  const auto sums = exact_sums(delta, GetParam().columns);
  const auto found = column_sums(delta, before, factors);
  for (std::size_t column = 0; column < found.size(); ++column) {
    const double expected = static_cast<double>(factors.alpha) * static_cast<double>(sums[column]) +
                            static_cast<double>(factors.beta) * static_cast<double>(before[column]);
    EXPECT_LE(ulps(found[column], expected), 0.501) << "column " << column;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, ColumnSums, testing::ValuesIn(kShapes), testing::PrintToStringParamName());

TEST(ColumnSumsOfMany, AreExactAndRepeatInBlocksOfTheDefaultSize) {
  const std::size_t rows = 16384;
  const std::size_t columns = 64;
  const auto delta = random_values(rows * columns, 4);
  const std::vector<float> garbage(columns, kNaN);
  const auto first = column_sums(delta, garbage, {}, kSummingGrid);
  EXPECT_EQ(bits(first), bits(column_sums(delta, garbage, {}, kSummingGrid))) << "bit for bit";
  for (std::size_t column = 0; column < columns; ++column) {
    double expected = 0.0;
    for (std::size_t row = 0; row < rows; ++row) expected += static_cast<double>(delta[row * columns + column]);
    EXPECT_NEAR(first[column], expected, 1e-7 * static_cast<double>(rows));
  }
}

/// Large numbers and their opposites leave the small ones that come between them: a sum of floats would lose those. (Eight
/// rows of a thread are added as floats: here 80 rows, of the same number.)
TEST(ColumnSumsOfUnequalNumbers, AreNotLost) {
  std::vector<float> delta(1040 * 3, 1.0F);
  std::fill_n(delta.begin(), 400 * 3, 1e9F);
  std::fill_n(delta.begin() + 640 * 3, 400 * 3, -1e9F);
  for (const float sum : column_sums(delta, std::vector<float>(3), {}, {.block = 32, .blocks = 1})) EXPECT_EQ(sum, 240.0F);
}

/// A stream's launches share the scratch memory, whatever their shapes.
TEST(ColumnSumsInTurn, ShareScratchMemory) {
  const Stream stream;
  const Scratch scratch(stream);
  for (const Shape shape : {Shape{3000, 2}, Shape{700, 200}, Shape{1, 5}, Shape{3000, 2}, Shape{1200, 33}}) {
    const auto values = whole_numbers(shape.size(), 5);
    const DeviceArray<float> delta(stream, values);
    const DeviceArray<float> out(stream, std::vector<float>(shape.columns));
    launch_column_sums({delta.data(), shape.rows, shape.columns}, {.out = out.data()},
                       on(stream, kSmallBlocks, scratch.get()));
    EXPECT_EQ(out.values(), exact_sums(values, shape.columns)) << shape;
  }
  scratch.expect_tickets_zero();
}

/// The factor is read when the kernel runs, each time that a graph is replayed.
TEST(ColumnSumsTimesAFactorOfTheDevice, TakeItAsItIs) {
  const Stream stream;
  const Scratch scratch(stream);
  const auto values = whole_numbers(300 * 5, 6);
  const DeviceArray<float> delta(stream, values);
  const DeviceArray<float> out(stream, std::vector<float>(5, kNaN));
  const DeviceArray<float> factor(stream, {-0.25F});
  launch_column_sums({delta.data(), 300, 5}, {.alpha = {.on_device = factor.data()}, .out = out.data()},
                     on(stream, kSmallBlocks, scratch.get()));
  auto expected = exact_sums(values, 5);
  for (float& sum : expected) sum *= -0.25F;
  EXPECT_EQ(out.values(), expected);
}

TEST(ColumnSumsOfNothing, ScaleWhatWasThere) {
  const Stream stream;
  const Scratch scratch(stream);
  const DeviceArray<float> out(stream, {2.0F, 4.0F, kNaN});
  launch_column_sums({.columns = 3}, {.beta = 0.5F, .out = out.data()}, on(stream, kSmallBlocks, scratch.get()));
  const auto halves = out.values();
  EXPECT_EQ(halves[0], 1.0F);
  EXPECT_EQ(halves[1], 2.0F);
  EXPECT_TRUE(std::isnan(halves[2]));
  launch_column_sums({.columns = 3}, {.out = out.data()}, on(stream, kSmallBlocks, scratch.get()));
  EXPECT_EQ(out.values(), (std::vector<float>{0.0F, 0.0F, 0.0F}));
}

/// A NaN must be seen, wherever it is, and stay in its column.
TEST(ColumnSumsOfNaN, ComeThrough) {
  const std::size_t rows = 300;
  const std::size_t columns = 37;
  for (const std::size_t where : {std::size_t{0}, std::size_t{5000}, rows * columns - 1}) {
    auto delta = random_values(rows * columns, 6);
    delta[where] = kNaN;
    const auto sums = column_sums(delta, std::vector<float>(columns));
    for (std::size_t column = 0; column < columns; ++column)
      EXPECT_EQ(std::isnan(sums[column]), column == where % columns) << where;
    delta[where] = -kInfinity;
    EXPECT_EQ(column_sums(delta, std::vector<float>(columns))[where % columns], -kInfinity);
  }
  EXPECT_TRUE(std::isnan(column_sums({1.0F}, {kNaN}, {1.0F, 1.0F})[0]));
}

TEST(ColumnSumsMistakes, AreRefused) {
  const Stream stream;
  const auto launch_with = [&](std::size_t columns, GridLimits limits) {
    launch_column_sums({.columns = columns}, {}, on(stream, limits));
  };
  EXPECT_NO_THROW(launch_with(0, kSummingGrid));
  EXPECT_THROW(launch_with(3, {.block = 0, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with(3, {.block = 32, .blocks = kSummingGrid.blocks + 1}), CudaError);
  EXPECT_THROW(launch_with(kMostColumns + 1, kSummingGrid), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
