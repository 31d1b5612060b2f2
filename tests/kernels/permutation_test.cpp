// launch_shuffle_rows against the library's own random_permutation, bit for bit.
#include "base/permutation.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include "kernel_testing.hpp"
#include "launchers/samples.hpp"

namespace gradus::kernels {
namespace {

constexpr auto kPurpose = internal::RandomPurpose::sample_order;

struct Draw {
  std::uint64_t seed;
  std::uint32_t part;
};

/// Both halves of a seed count, and each epoch has an order of its own.
constexpr std::array kDraws{Draw{0, 0}, Draw{1, 0}, Draw{1, 1}, Draw{0x1234'5678'9ABC'DEF0U, 7},
                            Draw{1ULL << 32, 0xFFFF'FFFFU}};

/// Every tail of four words, of a warp and of a block.
constexpr std::array<std::size_t, 9> kSizes{0, 1, 3, 4, 5, 31, 129, 1000, 4097};

/// 0 … count−1.
std::vector<std::uint32_t> all_rows(std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  for (std::size_t i = 0; i < count; ++i) rows[i] = static_cast<std::uint32_t>(i);
  return rows;
}

/// Rows of some of the samples, in random order.
std::vector<std::uint32_t> some_rows(std::size_t count) {
  std::mt19937 generator(1);
  std::vector<std::uint32_t> rows(count);
  for (std::uint32_t& row : rows) row = static_cast<std::uint32_t>(generator());
  return rows;
}

internal::RandomSequence sequence_of(Draw draw) {
  return {draw.seed, kPurpose, draw.part};
}

std::vector<std::uint32_t> expected_order(Draw draw, const std::vector<std::uint32_t>& rows) {
  std::vector<std::uint32_t> order(rows.size());
  std::vector<std::uint64_t> scratch;
  internal::random_permutation(sequence_of(draw), order, scratch);
  for (std::uint32_t& row : order) row = rows[row];
  return order;
}

/// `rows` empty: none are given.
std::vector<std::uint32_t> shuffle(Draw draw, const std::vector<std::uint32_t>& rows, std::size_t count,
                                   GridLimits limits = kSmallBlocks, std::size_t offset = 0) {
  const Stream stream;
  const DeviceArray<std::uint32_t> device_rows(stream, rows, offset);
  const DeviceArray<std::uint64_t> scratch(stream, std::vector<std::uint64_t>(count, 0xFEFE'FEFE'FEFE'FEFEU), offset);
  const DeviceArray<std::uint32_t> order(stream, std::vector<std::uint32_t>(count, 0xFEFE'FEFEU), offset);
  launch_shuffle_rows({.sequence = sequence_of(draw),
                       .rows = rows.empty() ? nullptr : device_rows.data(),
                       .count = count,
                       .scratch = scratch.data(),
                       .order = order.data()},
                      on(stream, limits));
  EXPECT_EQ(device_rows.values(), rows);
  return order.values();
}

class ShuffleRows : public testing::TestWithParam<std::size_t> {};

TEST_P(ShuffleRows, IsThePermutationOfTheHost) {
  const std::size_t count = GetParam();
  for (const Draw draw : kDraws) {
    EXPECT_EQ(shuffle(draw, {}, count), expected_order(draw, all_rows(count))) << draw.seed << ", " << draw.part;
    EXPECT_EQ(shuffle(draw, {}, count, kFewBlocks), expected_order(draw, all_rows(count)));
  }
}

TEST_P(ShuffleRows, TakesTheRowsOfAPart) {
  const std::size_t count = GetParam();
  const auto rows = some_rows(count);
  for (const Draw draw : kDraws) {
    EXPECT_EQ(shuffle(draw, rows, count), expected_order(draw, rows)) << draw.seed << ", " << draw.part;
    EXPECT_EQ(shuffle(draw, rows, count, kSmallBlocks, 1), expected_order(draw, rows)) << "at an odd address";
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ShuffleRows, testing::ValuesIn(kSizes), testing::PrintToStringParamName());

TEST(ShuffleRowsOfMany, IsThatOfTheHostInBlocksOfTheDefaultSize) {
  const auto rows = some_rows(3000);
  EXPECT_EQ(shuffle(kDraws[3], rows, rows.size(), kStreamingGrid), expected_order(kDraws[3], rows));
}

/// Purposes have sequences of their own.
TEST(ShuffleRowsForAnotherPurpose, IsAnotherOne) {
  const Stream stream;
  std::vector<std::uint32_t> expected(50);
  std::vector<std::uint64_t> host_scratch;
  const internal::RandomSequence sequence(5, internal::RandomPurpose::split, 2);
  internal::random_permutation(sequence, expected, host_scratch);
  const DeviceArray<std::uint64_t> scratch(stream, std::vector<std::uint64_t>(50));
  const DeviceArray<std::uint32_t> order(stream, std::vector<std::uint32_t>(50));
  launch_shuffle_rows({.sequence = sequence, .count = 50, .scratch = scratch.data(), .order = order.data()}, on(stream));
  EXPECT_EQ(order.values(), expected);
}

/// A stream's launches follow each other: epochs in turn, in the same memory.
TEST(ShuffleRowsInTurn, ShareMemory) {
  const Stream stream;
  const DeviceArray<std::uint64_t> scratch(stream, std::vector<std::uint64_t>(200));
  const DeviceArray<std::uint32_t> first(stream, std::vector<std::uint32_t>(200));
  const DeviceArray<std::uint32_t> second(stream, std::vector<std::uint32_t>(200));
  launch_shuffle_rows({.sequence = sequence_of({3, 0}), .count = 200, .scratch = scratch.data(), .order = first.data()},
                      on(stream));
  launch_shuffle_rows({.sequence = sequence_of({3, 1}),
                       .rows = first.data(),
                       .count = 200,
                       .scratch = scratch.data(),
                       .order = second.data()},
                      on(stream));
  EXPECT_EQ(second.values(), expected_order({3, 1}, expected_order({3, 0}, all_rows(200))));
}

TEST(ShuffleRowsMistakes, AreRefused) {
  const Stream stream;
  const auto launch_with = [&](std::size_t count, GridLimits limits) {
    launch_shuffle_rows({.sequence = sequence_of({0, 0}), .count = count}, on(stream, limits));
  };
  EXPECT_NO_THROW(launch_with(0, kStreamingGrid)) << "no rows, no memory";
  EXPECT_THROW(launch_with(0, {.block = 33, .blocks = 1}), CudaError);
  EXPECT_THROW(launch_with(0, {.block = 32, .blocks = kStreamingGrid.blocks + 1}), CudaError);
  EXPECT_THROW(launch_with((std::size_t{1} << 32) + 1, kStreamingGrid), CudaError) << "rows are counted in 32 bits";
}

}  // namespace
}  // namespace gradus::kernels
