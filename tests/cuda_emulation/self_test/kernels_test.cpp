// The kernels of kernels.hpp, right unless a fault is planted.

#include "kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "fixture.hpp"
#include "planted.hpp"

namespace gradus::self_test {
namespace {

using Floats = std::vector<float>;

class Kernels : public testing::Test {
 protected:
  [[nodiscard]] DeviceArray<float> upload(const Floats& values) const { return {values, stream_}; }

  void expect(const DeviceArray<float>& found, const Floats& expected) const { EXPECT_EQ(found.values(stream_), expected); }

  Stream stream_;
};

float sum_of(const Floats& values) {
  float sum = 0.0F;
  for (const float value : values) sum += value;
  return sum;
}

/// Sums of short numbers are exact in any order.
Floats product(const Floats& a, const Floats& b, int m, int n, int k) {
  Floats c(static_cast<std::size_t>(m * n));
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < n; ++j)
      for (int p = 0; p < k; ++p)
        c[static_cast<std::size_t>(i * n + j)] +=
            a[static_cast<std::size_t>(i * k + p)] * b[static_cast<std::size_t>(p * n + j)];
  return c;
}

TEST_F(Kernels, Transpose) {
  TransposeBugs bugs;
  bugs.no_barrier = is_planted("missing barrier, read after write");
  bugs.row_beyond_tile = is_planted("shared array overrun");
  bugs.not_transposed = is_planted("transposition");
  for (const auto& [rows, columns] : {std::pair{64, 64}, {33, 70}, {1, 5}}) {
    const Floats in = short_numbers(static_cast<std::size_t>(rows * columns), 1);
    Floats expected(in.size());
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c)
        expected[static_cast<std::size_t>(c * rows + r)] = in[static_cast<std::size_t>(r * columns + c)];
    const auto device_in = upload(in);
    const DeviceArray<float> out(in.size());
    launch_transpose(device_in.data(), out.data(), rows, columns, bugs, stream_);
    expect(out, expected);
  }
}

TEST_F(Kernels, ColumnSums) {
  ColumnSumBugs bugs;
  bugs.no_second_barrier = is_planted("missing barrier, write after read");
  bugs.early_return = is_planted("early return before a barrier");
  bugs.divergent_barrier = is_planted("divergent barrier");
  bugs.too_little_shared = is_planted("too little dynamic shared memory");
  for (const auto& [rows, columns] : {std::pair{100, 40}, {64, 32}, {1, 1}}) {
    const Floats in = short_numbers(static_cast<std::size_t>(rows * columns), 2);
    Floats expected(static_cast<std::size_t>(columns));
    for (std::size_t i = 0; i < in.size(); ++i) expected[i % expected.size()] += in[i];
    const auto device_in = upload(in);
    const DeviceArray<float> sums(expected.size());
    launch_column_sums(device_in.data(), sums.data(), rows, columns, bugs, stream_);
    expect(sums, expected);
  }
}

TEST_F(Kernels, Total) {
  TotalBugs bugs;
  bugs.uninitialized_shared = is_planted("uninitialised shared memory");
  bugs.divergent_shuffle = is_planted("divergent shuffle");
  bugs.partial_mask = is_planted("partial mask");
  bugs.plain_addition = is_planted("plain += across blocks");
  for (const std::size_t count : {300U, 37U, 512U}) {
    const Floats in = short_numbers(count, 3);
    const auto device_in = upload(in);
    const auto total = upload({0.0F});
    launch_total(device_in.data(), total.data(), static_cast<int>(count), bugs, stream_);
    expect(total, {sum_of(in)});
  }
}

TEST_F(Kernels, Reverse) {
  ReverseBugs bugs;
  bugs.no_warp_barrier = is_planted("missing __syncwarp");
  const Floats in = short_numbers(128, 4);
  Floats expected = in;
  for (auto warp = expected.begin(); warp != expected.end(); warp += 32) std::reverse(warp, warp + 32);
  const auto values = upload(in);
  launch_reverse(values.data(), static_cast<int>(in.size()), bugs, stream_);
  expect(values, expected);
}

TEST_F(Kernels, WarpCollectives) {
  constexpr unsigned kThreads = 64;
  const DeviceArray<unsigned> results(std::size_t{kWarpResults} * kThreads);
  launch_warp_collectives(results.data(), stream_);
  const std::vector<unsigned> found = results.values(stream_);
  for (unsigned thread = 0; thread < kThreads; ++thread) {
    const unsigned lane = thread % 32;
    const unsigned warp = thread - lane;
    const auto value = [&](unsigned other) { return 100 + warp + other; };
    unsigned every_third = 0;
    for (unsigned other = 0; other < 32; ++other) every_third |= ((warp + other) % 3 == 0 ? 1U : 0U) << other;
    unsigned every_fifth = 0;
    for (unsigned other = 0; other < 8; ++other) every_fifth |= ((thread / 8 * 8 + other) % 5 == 0 ? 1U : 0U) << other;
    const unsigned expected[kWarpResults] = {
        value(5),
        value(5),
        value(lane / 8 * 8 + (lane + 1) % 8),
        value(lane >= 3 ? lane - 3 : lane),
        value(lane % 16 >= 3 ? lane - 3 : lane),
        value(lane + 3 < 32 ? lane + 3 : lane),
        value(lane % 4 + 3 < 4 ? lane + 3 : lane),
        value(lane ^ 21U),
        value(lane / 8 % 2 == 1 ? lane - 8 : lane),
        every_third,
        warp == 32 ? 1U : 0U,
        warp == 0 ? 1U : 0U,
        value(lane % 8 + 2 < 8 ? lane + 2 : lane),
        every_fifth,
        thread / 8 * 1000 + thread % 8,
        10,  // multiples of 7 below 64
    };
    for (unsigned row = 0; row < kWarpResults; ++row)
      EXPECT_EQ(found[row * kThreads + thread], expected[row]) << "collective " << row << ", thread " << thread;
  }
}

struct ProductSize {
  int m;
  int n;
  int k;
};

class Products : public Kernels {
 protected:
  /// That a launcher multiplies matrices of these sizes, without a bug or with one.
  void expect_products(decltype(launch_product_tf32) launcher, const std::vector<ProductSize>& sizes,
                       ProductBugs bugs) const {
    for (const auto& [m, n, k] : sizes) {
      const Floats a = short_numbers(static_cast<std::size_t>(m * k), 5);
      const Floats b = short_numbers(static_cast<std::size_t>(k * n), 6);
      const auto device_a = upload(a);
      const auto device_b = upload(b);
      const DeviceArray<float> c(static_cast<std::size_t>(m * n));
      launcher(device_a.data(), device_b.data(), c.data(), m, n, k, bugs, stream_);
      expect(c, product(a, b, m, n, k));
    }
  }
};

TEST_F(Products, Tf32) {
  ProductBugs bugs;
  bugs.wrong_fragment = is_planted("wrong fragment index, tf32");
  expect_products(launch_product_tf32, {{20, 11, 13}, {16, 8, 8}, {1, 1, 1}}, bugs);
}

TEST_F(Products, Bf16) {
  ProductBugs bugs;
  bugs.wrong_fragment = is_planted("wrong fragment index, bf16");
  expect_products(launch_product_bf16, {{20, 11, 37}, {16, 8, 16}, {1, 1, 2}}, bugs);
}

TEST_F(Products, Tf32RoundsToTenBits) {
  // 1 + 2^-11 is half-way between two numbers of tf32, and goes away from zero; 1 + 2^-12 goes to 1.
  for (const auto& [x, rounded] : {std::pair{1.0F + 0x1p-11F, 1.0F + 0x1p-10F}, {1.0F + 0x1p-12F, 1.0F}}) {
    const auto a = upload({x});
    const auto b = upload({1.0F});
    const DeviceArray<float> c(1);
    launch_product_tf32(a.data(), b.data(), c.data(), 1, 1, 1, {}, stream_);
    expect(c, {rounded});
  }
}

TEST_F(Kernels, LastBlockTotal) {
  LastBlockBugs bugs;
  bugs.no_fence_before = is_planted("missing __threadfence before a ticket");
  bugs.no_fence_after = is_planted("missing __threadfence after a ticket");
  constexpr int kBlocks = 5;
  const Floats in = short_numbers(700, 9);
  const auto device_in = upload(in);
  const DeviceArray<float> block_sums(kBlocks);
  const DeviceArray<unsigned> tickets(std::vector<unsigned>{0}, stream_);
  const DeviceArray<float> total(1);
  for (int repeat = 0; repeat < 2; ++repeat)
    launch_last_block_total(device_in.data(), static_cast<int>(in.size()), block_sums.data(), tickets.data(), total.data(),
                            kBlocks, bugs, stream_);
  expect(total, {sum_of(in)});
}

TEST_F(Kernels, Diffusion) {
  DiffusionBugs bugs;
  bugs.no_sync_after_write = is_planted("missing grid sync, read after write");
  bugs.no_sync_after_read = is_planted("missing grid sync, write after read");
  constexpr int kSteps = 3;
  const Floats start = short_numbers(200, 10);
  Floats expected = start;
  for (int step = 0; step < kSteps; ++step) {
    const Floats before = expected;
    const std::size_t count = before.size();
    for (std::size_t i = 0; i < count; ++i) expected[i] = (before[(i + 1) % count] + before[(i + count - 1) % count]) / 2;
  }
  const auto cells = upload(start);
  const DeviceArray<float> other(start.size());
  launch_diffusion(cells.data(), other.data(), static_cast<int>(start.size()), kSteps, bugs, stream_);
  expect(cells, expected);
}

TEST_F(Kernels, ClusterSums) {
  int major = 0;
  kernels::check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0), "cudaDeviceGetAttribute");
  if (major < 9) GTEST_SKIP() << "skipped: clusters need compute capability 9.0";
  ClusterBugs bugs;
  bugs.no_sync_before_read = is_planted("missing cluster sync before a read");
  bugs.no_sync_before_exit = is_planted("missing cluster sync before an exit");
  constexpr int kBlocks = 8;
  const Floats in = short_numbers(kBlocks * 64, 11);
  Floats expected;
  for (int block = 0; block < kBlocks; ++block) {
    const auto cluster = in.begin() + block / 4 * 256;
    expected.push_back(sum_of(Floats(cluster, cluster + 256)));
  }
  const auto device_in = upload(in);
  const DeviceArray<float> sums(kBlocks);
  launch_cluster_sums(device_in.data(), sums.data(), kBlocks, bugs, stream_);
  expect(sums, expected);
}

TEST_F(Kernels, Scale) {
  ScaleBugs bugs;
  bugs.one_too_many = is_planted("off-by-one bound");
  bugs.misaligned = is_planted("misaligned float4");
  for (const std::size_t count : {260U, 7U, 3U, 1U}) {
    const Floats in = short_numbers(count, 12);
    Floats expected = in;
    for (float& value : expected) value *= 3.0F;
    const auto values = upload(in);
    launch_scale(values.data(), 3.0F, static_cast<int>(count), bugs, stream_);
    expect(values, expected);
  }
}

TEST_F(Kernels, CountUp) {
  CounterBugs bugs;
  bugs.no_tail = is_planted("tail writes past the end");
  const DeviceArray<unsigned> values(10);
  launch_count_up(values.data(), 10, bugs, stream_);
  EXPECT_EQ(values.values(stream_), (std::vector<unsigned>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_F(Kernels, Gather) {
  GatherBugs bugs;
  bugs.ignores_order = is_planted("gather ignores the order");
  constexpr std::size_t kRows = 9;
  constexpr std::size_t kColumns = 40;
  const Floats in = short_numbers(30 * kColumns, 13);
  std::vector<int> order;
  Floats expected;
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::size_t from = (row * 7 + 3) % 30;
    order.push_back(static_cast<int>(from));
    for (std::size_t column = 0; column < kColumns; ++column) expected.push_back(in[from * kColumns + column]);
  }
  const auto device_in = upload(in);
  const DeviceArray<int> device_order(order, stream_);
  const DeviceArray<float> out(expected.size());
  launch_gather(device_in.data(), device_order.data(), out.data(), kRows, kColumns, bugs, stream_);
  expect(out, expected);
}

TEST_F(Kernels, StagedScale) {
  StagedBugs bugs;
  bugs.no_wait = is_planted("missing wait on an asynchronous copy");
  bugs.no_barrier = is_planted("missing barrier after an asynchronous copy");
  bugs.too_early = is_planted("missing barrier before an asynchronous copy");
  bugs.left_behind = is_planted("exit with an asynchronous copy under way");
  for (const std::size_t count : {640U, 130U, 3U}) {
    const Floats in = short_numbers(count, 14);
    Floats expected = in;
    for (float& value : expected) value *= 3.0F;
    const auto device_in = upload(in);
    const DeviceArray<float> out(count);
    launch_staged_scale(device_in.data(), out.data(), 3.0F, static_cast<int>(count), bugs, stream_);
    expect(out, expected);
  }
}

}  // namespace
}  // namespace gradus::self_test
