// launch_drop and launch_multiply against the library's random numbers and plain products, bit for bit.
#include <cstdint>
#include <vector>

#include "formulas/philox.hpp"
#include "kernel_testing.hpp"
#include "launchers/augmentation.hpp"
#include "launchers/elementwise.hpp"

namespace gradus::kernels {
namespace {

constexpr std::uint64_t kSeed = 0x1234'5678'9ABC'DEF0U;
constexpr internal::RandomSequence kDraws(kSeed, internal::RandomPurpose::dropout, 3);
constexpr float kRate = 0.375F;
constexpr std::uint32_t kThreshold = 0x6000'0000U;  // of 2³²
constexpr float kFactor = 1.6F;

/// The factors of the rows' units.
std::vector<float> expected_factors(std::size_t rows, std::size_t columns, std::uint64_t visits) {
  std::vector<float> factors;
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t j = 0; j < columns; ++j)
      factors.push_back(kDraws.block((visits + row) * ((columns + 3) / 4) + j / 4)[j % 4] < kThreshold ? 0.0F : kFactor);
  return factors;
}

std::vector<float> product(std::vector<float> values, const std::vector<float>& factors) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] *= factors[i];
  return values;
}

struct Case {
  std::size_t rows;
  std::size_t columns;
};

class Dropout : public testing::TestWithParam<Case> {
 protected:
  void expect_as_by_hand(std::uint64_t visits, GridLimits limits, std::size_t offset) const {
    const auto [rows, columns] = GetParam();
    const Stream stream;
    const auto y = random_values(rows * columns, 1);
    const DeviceArray<float> device_y(stream, y, offset);
    const DeviceArray<float> dropped(stream, std::vector<float>(y.size(), kNaN), offset);
    const DeviceArray<float> factors(stream, std::vector<float>(y.size(), kNaN), offset);
    const DeviceArray<Bf16> rounded(stream, std::vector<Bf16>(y.size()), offset);
    const DeviceArray<unsigned long long> device_visits(stream, {visits});
    launch_drop({.dropout = {kDraws, kRate},
                 .visits = device_visits.data(),
                 .y = device_y.data(),
                 .rows = rows,
                 .columns = columns,
                 .dropped = dropped.data(),
                 .factors = factors.data(),
                 .rounded = rounded.data()},
                on(stream, limits));
    const auto expected = expected_factors(rows, columns, visits);
    EXPECT_EQ(factors.values(), expected);
    EXPECT_EQ(bits(dropped.values()), bits(product(y, expected)));
    EXPECT_EQ(device_visits.values(), std::vector<unsigned long long>{visits});
    const auto short_forms = rounded.values();
    for (std::size_t i = 0; i < y.size(); ++i)
      if (expected[i] == 0.0F) {
        EXPECT_EQ(short_forms[i] & 0x7FFFU, 0U) << i;
      }
  }
};

TEST_P(Dropout, LeavesOutWhatTheSequenceSays) {
  for (const std::uint64_t visits : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{1} << 40})
    expect_as_by_hand(visits, kSmallBlocks, 0);
}

TEST_P(Dropout, TakesAnyAddressAndSeveralRounds) {
  for (std::size_t offset = 0; offset < 4; ++offset) expect_as_by_hand(7, kFewBlocks, offset);
}

TEST_P(Dropout, MultipliesErrorTerms) {
  const auto [rows, columns] = GetParam();
  const auto values = random_values(rows * columns, 2);
  const auto factors = expected_factors(rows, columns, 0);
  for (std::size_t offset = 0; offset < 4; ++offset) {
    const Stream stream;
    const DeviceArray<float> device_values(stream, values, offset);
    const DeviceArray<float> device_factors(stream, factors, offset);
    launch_multiply({.factors = device_factors.data(), .values = device_values.data(), .count = values.size()},
                    on(stream, kFewBlocks));
    EXPECT_EQ(bits(device_values.values()), bits(product(values, factors)));
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Dropout,
                         testing::Values(Case{0, 5}, Case{1, 1}, Case{3, 2}, Case{2, 4}, Case{5, 7}, Case{9, 64},
                                         Case{4, 130}, Case{33, 31}));

TEST(DropoutOfABatch, IsTheSameInParts) {
  const auto whole = expected_factors(8, 5, 20);
  const auto second_half = expected_factors(4, 5, 24);
  EXPECT_EQ(std::vector<float>(whole.begin() + 20, whole.end()), second_half);
}

TEST(DropoutVisits, AreCountedOnTheDevice) {
  const Stream stream;
  const DeviceArray<unsigned long long> visits(stream, {(1ULL << 32) - 1});
  launch_count_visits(visits.data(), 0, on(stream));
  launch_count_visits(visits.data(), 5, on(stream));
  EXPECT_EQ(visits.values(), std::vector<unsigned long long>{(1ULL << 32) + 4});
}

TEST(DropoutMistakes, AreRefused) {
  const Stream stream;
  const auto drop = [&](std::size_t columns, GridLimits limits) {
    launch_drop({.dropout = {kDraws, kRate}, .columns = columns}, on(stream, limits));
  };
  EXPECT_NO_THROW(drop(3, kStreamingGrid));
  EXPECT_THROW(drop(kMostColumns + 1, kStreamingGrid), CudaError);
  EXPECT_THROW(drop(3, {.block = 33, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_multiply({}, on(stream, {.block = 33, .blocks = 1})), CudaError);
}

}  // namespace
}  // namespace gradus::kernels
