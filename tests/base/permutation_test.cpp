#include "base/permutation.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

class Permutation : public testing::TestWithParam<std::size_t> {};

TEST_P(Permutation, HoldsEveryIndexOnceInTheOrderOfTheWords) {
  const std::size_t size = GetParam();
  const RandomSequence sequence(7, RandomPurpose::sample_order, 3);
  std::vector<std::uint32_t> order(size);
  std::vector<std::uint64_t> scratch;
  random_permutation(sequence, order, scratch);

  std::vector<std::uint32_t> expected(size);
  std::iota(expected.begin(), expected.end(), 0U);
  std::stable_sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
    return sequence.block(a / 4)[a % 4] < sequence.block(b / 4)[b % 4];
  });
  EXPECT_EQ(order, expected);
}

// About ten of 300,001 words are equal to another.
INSTANTIATE_TEST_SUITE_P(Sizes, Permutation, testing::Values(0, 1, 2, 3, 4, 5, 31, 1000, 1024, 1025, 60001, 300001));

/// Over many epochs every sample comes first about equally often: χ² of 10 cells, far beyond the 99.9th percentile (27.9).
TEST(Permutation, IsUniform) {
  std::array<int, 10> first{};
  std::vector<std::uint32_t> order(10);
  std::vector<std::uint64_t> scratch;
  for (std::uint32_t epoch = 0; epoch < 10000; ++epoch) {
    random_permutation(RandomSequence(0, RandomPurpose::sample_order, epoch), order, scratch);
    ++first.at(order[0]);
  }
  double chi_squared = 0.0;
  for (const int count : first) chi_squared += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_squared, 27.9);
}

}  // namespace
}  // namespace gradus::internal
