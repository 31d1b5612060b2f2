// launch_column_statistics against the same sums on the host, row after row.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/samples.hpp"

namespace gradus::kernels {
namespace {

using internal::ColumnStatistics;

/// Values as floats, and also as bytes where `is_bytes`.
struct Matrix {
  std::vector<float> values;
  std::size_t columns;
  bool is_bytes = false;
};

Matrix whole_numbers(Shape shape, bool is_bytes, std::uint32_t seed) {
  std::mt19937 generator(seed);
  Matrix matrix{std::vector<float>(shape.size()), shape.columns, is_bytes};
  for (float& value : matrix.values) value = static_cast<float>(generator() % 256) - (is_bytes ? 0.0F : 100.0F);
  return matrix;
}

std::vector<std::uint32_t> all_rows(std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  for (std::size_t i = 0; i < count; ++i) rows[i] = static_cast<std::uint32_t>(i);
  return rows;
}

/// As many row numbers as there are rows, out of order, some of them several times and some never.
std::vector<std::uint32_t> some_rows(std::size_t count) {
  std::mt19937 generator(3);
  std::vector<std::uint32_t> rows(count);
  for (std::uint32_t& row : rows) row = static_cast<std::uint32_t>(generator() % count);
  return rows;
}

/// Computed on the host, as the library does.
std::vector<ColumnStatistics> expected_statistics(const Matrix& matrix, const std::vector<std::uint32_t>& rows) {
  std::vector<ColumnStatistics> statistics(matrix.columns);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j) {
      ColumnStatistics& mine = statistics[j];
      const auto value = static_cast<double>(matrix.values[rows[i] * matrix.columns + j]);
      if (i == 0) mine.first = value;
      mine.sum += value - mine.first;
      mine.squares += (value - mine.first) * (value - mine.first);
      mine.least = std::min(mine.least, value);
      mine.greatest = std::max(mine.greatest, value);
    }
  }
  return statistics;
}

/// Null rows where all are taken.
enum class Naming : std::uint8_t { given, null };

std::vector<ColumnStatistics> statistics_of(const Matrix& matrix, const std::vector<std::uint32_t>& rows,
                                            Naming naming = Naming::given, GridLimits limits = kSmallBlocks,
                                            std::size_t offset = 0) {
  const Stream stream;
  std::vector<std::uint8_t> as_bytes;
  if (matrix.is_bytes)
    for (const float value : matrix.values) as_bytes.push_back(static_cast<std::uint8_t>(value));
  const DeviceArray<std::uint8_t> bytes(stream, as_bytes, offset);
  const DeviceArray<float> floats(stream, matrix.is_bytes ? std::vector<float>() : matrix.values, offset);
  const DeviceArray<std::uint32_t> device_rows(stream, rows, offset);
  const DeviceArray<ColumnStatistics> out(stream, std::vector<ColumnStatistics>(matrix.columns));
  const std::size_t parts_size = column_statistics_parts(matrix.columns, rows.size(), limits) * matrix.columns;
  const DeviceArray<ColumnStatistics> parts(stream, std::vector<ColumnStatistics>(parts_size));
  launch_column_statistics({.bytes = matrix.is_bytes ? bytes.data() : nullptr,
                            .floats = matrix.is_bytes ? nullptr : floats.data(),
                            .columns = matrix.columns,
                            .rows = naming == Naming::null ? nullptr : device_rows.data(),
                            .count = rows.size(),
                            .out = out.data(),
                            .parts = parts.data()},
                           on(stream, limits));
  return out.values();
}

void expect_equal(const std::vector<ColumnStatistics>& found, const std::vector<ColumnStatistics>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t j = 0; j < found.size(); ++j) {
    EXPECT_EQ(found[j].first, expected[j].first) << "column " << j;
    EXPECT_EQ(found[j].sum, expected[j].sum) << "column " << j;
    EXPECT_EQ(found[j].squares, expected[j].squares) << "column " << j;
    EXPECT_EQ(found[j].least, expected[j].least) << "column " << j;
    EXPECT_EQ(found[j].greatest, expected[j].greatest) << "column " << j;
  }
}

class Statistics : public testing::TestWithParam<Shape> {};

/// Sums of whole numbers are exact: a row that is missed or taken twice shows.
TEST_P(Statistics, TakeEveryRowOnce) {
  const std::size_t count = GetParam().rows;
  for (const bool is_bytes : {true, false}) {
    const Matrix matrix = whole_numbers(GetParam(), is_bytes, 1);
    const auto expected = expected_statistics(matrix, all_rows(count));
    expect_equal(statistics_of(matrix, all_rows(count)), expected);
    expect_equal(statistics_of(matrix, all_rows(count), Naming::null), expected);
    expect_equal(statistics_of(matrix, all_rows(count), Naming::null, kFewBlocks), expected);
    expect_equal(statistics_of(matrix, all_rows(count), Naming::null, kSmallBlocks, 1), expected);
    expect_equal(statistics_of(matrix, all_rows(count), Naming::null, {.block = 96, .blocks = 1024}), expected);
  }
}

TEST_P(Statistics, AreThoseOfTheNamedRows) {
  for (const bool is_bytes : {true, false}) {
    const Matrix matrix = whole_numbers(GetParam(), is_bytes, 2);
    auto rows = some_rows(GetParam().rows);
    expect_equal(statistics_of(matrix, rows), expected_statistics(matrix, rows));
    rows.resize(rows.size() / 2);
    expect_equal(statistics_of(matrix, rows, Naming::given, kFewBlocks), expected_statistics(matrix, rows));
  }
}

TEST_P(Statistics, AreExact) {
  const Matrix matrix{random_values(GetParam().size(), 3, 100.0F), GetParam().columns};
  const auto rows = some_rows(GetParam().rows);
  const auto expected = expected_statistics(matrix, rows);
  const auto found = statistics_of(matrix, rows);
  const double magnitude = 200.0 * static_cast<double>(rows.size());
  for (std::size_t j = 0; j < found.size(); ++j) {
    EXPECT_EQ(found[j].first, expected[j].first);
    EXPECT_NEAR(found[j].sum, expected[j].sum, 1e-14 * magnitude);
    EXPECT_NEAR(found[j].squares, expected[j].squares, 1e-14 * expected[j].squares);
    EXPECT_EQ(found[j].least, expected[j].least);
    EXPECT_EQ(found[j].greatest, expected[j].greatest);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Statistics, testing::ValuesIn(kShapes), testing::PrintToStringParamName());

TEST(StatisticsOfMany, RepeatInBlocksOfTheDefaultSize) {
  const Matrix matrix{random_values(3000 * 70, 4), 70};
  const auto rows = some_rows(3000);
  const auto first = statistics_of(matrix, rows, Naming::given, kSummingGrid);
  const auto expected = expected_statistics(matrix, rows);
  expect_equal(statistics_of(matrix, rows, Naming::given, kSummingGrid), first);
  for (std::size_t j = 0; j < first.size(); ++j) EXPECT_NEAR(first[j].sum, expected[j].sum, 1e-11);
}

/// Images: more columns than one block takes.
TEST(StatisticsOfImages, AreExact) {
  const Matrix matrix = whole_numbers({200, 784}, true, 5);
  const auto rows = some_rows(200);
  expect_equal(statistics_of(matrix, rows), expected_statistics(matrix, rows));
}

TEST(StatisticsOfAConstant, AreExactlyNothing) {
  const Matrix matrix{std::vector<float>(1000 * 2, 0.1F), 2};
  for (const ColumnStatistics& column : statistics_of(matrix, all_rows(1000))) {
    EXPECT_EQ(column.first, static_cast<double>(0.1F));
    EXPECT_EQ(column.sum, 0.0);
    EXPECT_EQ(column.squares, 0.0);
    EXPECT_EQ(column.least, column.greatest);
  }
}

TEST(StatisticsOfNothing, SaySo) {
  const Matrix matrix{{}, 3};
  expect_equal(statistics_of(matrix, {}), std::vector<ColumnStatistics>(3));
}

/// A NaN must be seen, wherever it is, and stay in its column.
TEST(StatisticsOfNaN, ComeThrough) {
  const std::size_t rows = 300;
  const std::size_t columns = 37;
  for (const std::size_t where : {std::size_t{0}, std::size_t{36}, std::size_t{5000}, rows * columns - 1}) {
    Matrix matrix{random_values(rows * columns, 6), columns};
    matrix.values[where] = kNaN;
    const auto found = statistics_of(matrix, all_rows(rows));
    const auto expected = expected_statistics(matrix, all_rows(rows));
    for (std::size_t j = 0; j < columns; ++j) {
      EXPECT_EQ(std::isnan(found[j].sum), j == where % columns) << where;
      EXPECT_EQ(std::isnan(found[j].squares), j == where % columns) << where;
      EXPECT_EQ(found[j].least, expected[j].least);
      EXPECT_EQ(found[j].greatest, expected[j].greatest);
    }
  }
}

TEST(StatisticsParts, AreFewAndFollowFromTheShape) {
  EXPECT_EQ(column_statistics_parts(0, 1000), 0U);
  EXPECT_EQ(column_statistics_parts(784, 0), 1U);
  EXPECT_EQ(column_statistics_parts(784, 100), 1U);
  for (const std::size_t columns : {1, 10, 63, 64, 65, 784, 4096, 100'000}) {
    const std::size_t parts = column_statistics_parts(columns, 60'000'000);
    EXPECT_GE(parts, 1U);
    EXPECT_LE(parts, kSummingGrid.blocks);
    EXPECT_LE(parts * columns * sizeof(ColumnStatistics), std::max(std::size_t{3} << 20, columns * sizeof(ColumnStatistics)))
        << columns;
  }
}

TEST(StatisticsMistakes, AreRefused) {
  const Stream stream;
  const std::uint8_t byte = 0;
  const float number = 0.0F;
  const auto launch_with = [&](const std::uint8_t* bytes, const float* floats, std::size_t columns, GridLimits limits) {
    launch_column_statistics({.bytes = bytes, .floats = floats, .columns = columns, .count = 1}, on(stream, limits));
  };
  EXPECT_NO_THROW(launch_with(&byte, nullptr, 0, kSummingGrid)) << "no columns, no memory";
  EXPECT_THROW(launch_with(&byte, nullptr, 0, {.block = 0, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with(&byte, nullptr, 3, {.block = 32, .blocks = kSummingGrid.blocks + 1}), CudaError);
  EXPECT_THROW(launch_with(&byte, nullptr, kMostColumns + 1, kSummingGrid), CudaError);
  EXPECT_THROW(launch_with(&byte, &number, 3, kSummingGrid), CudaError) << "which of the two?";
  EXPECT_THROW(launch_with(nullptr, nullptr, 3, kSummingGrid), CudaError);
  EXPECT_THROW(static_cast<void>(column_statistics_parts(3, 3, {.block = 33, .blocks = 1})), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
