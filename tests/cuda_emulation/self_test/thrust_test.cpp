// Thrust in the order of a stream, right unless a fault is planted.

#include <algorithm>
#include <numeric>
#include <vector>

#include "fixture.hpp"
#include "kernels.hpp"
#include "planted.hpp"

namespace gradus::self_test {
namespace {

TEST(Thrust, ColumnMeans) {
  constexpr int kRows = 64;
  constexpr int kColumns = 37;
  const std::vector<float> in = short_numbers(kRows * kColumns, 15);
  std::vector<float> expected(kColumns);
  for (std::size_t i = 0; i < in.size(); ++i) expected[i % kColumns] += in[i] / kRows;  // exact

  const Stream stream;
  const DeviceArray<float> device_in(in, stream);
  const DeviceArray<float> means(kColumns);
  launch_column_means(device_in.data(), means.data(), kRows, kColumns, stream);
  EXPECT_EQ(means.values(stream), expected);
}

TEST(Thrust, Sort) {
  SortBugs bugs;
  bugs.no_wait = is_planted("Thrust result read before it is there");
  constexpr std::size_t kCount = 500;
  const std::vector<float> in = short_numbers(kCount, 16);
  std::vector<unsigned> keys(kCount);
  for (std::size_t i = 0; i < kCount; ++i) keys[i] = static_cast<unsigned>(i * 7919 % 97);  // several of each
  std::vector<int> order(kCount);
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](int i) { return keys[static_cast<std::size_t>(i)]; };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
  std::vector<float> expected;
  for (const int i : order) expected.push_back(in[static_cast<std::size_t>(i)]);

  const Stream sorting;
  const Stream stream;
  const Event sorted;
  const DeviceArray<float> device_in(in, stream);
  const DeviceArray<unsigned> device_keys(keys, sorting);
  const DeviceArray<int> device_order(kCount);
  const DeviceArray<float> out(kCount);
  launch_sort(device_in.data(), device_keys.data(), device_order.data(), out.data(), kCount, bugs, sorted, sorting, stream);
  EXPECT_EQ(out.values(stream), expected);
  EXPECT_EQ(device_order.values(sorting), order);
}

}  // namespace
}  // namespace gradus::self_test
