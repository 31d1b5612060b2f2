#include "base/permutation.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace gradus::internal {

namespace {

/// Sorts `size` entries by their upper 32 bits, digit by digit from the lowest: equal words keep their order. Random words
/// fill all buckets alike, so this takes a fifth of the time of comparisons. The result is in `other`.
void sort_by_word(std::uint64_t* entries, std::uint64_t* other, std::size_t size) {
  constexpr unsigned kBits = 11;
  constexpr std::size_t kDigits = 3;  // 33 bits
  constexpr std::size_t kBuckets = std::size_t{1} << kBits;
  const auto digit = [](std::uint64_t entry, std::size_t number) {
    return (entry >> (32 + kBits * number)) & (kBuckets - 1);
  };
  std::array<std::array<std::size_t, kBuckets>, kDigits> places{};
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t number = 0; number < kDigits; ++number) ++places[number][digit(entries[i], number)];
  for (std::size_t number = 0; number < kDigits; ++number) {
    auto& place = places[number];
    std::exclusive_scan(place.begin(), place.end(), place.begin(), std::size_t{0});
    for (std::size_t i = 0; i < size; ++i) other[place[digit(entries[i], number)]++] = entries[i];
    std::swap(entries, other);
  }
}

}  // namespace

void random_permutation(const RandomSequence& sequence, std::vector<std::uint32_t>& order,
                        std::vector<std::uint64_t>& scratch) {
  constexpr std::size_t kFew = 1024;  // for which clearing the buckets takes longer than comparisons
  const std::size_t size = order.size();
  const bool are_few = size <= kFew;
  scratch.resize(are_few ? size : 2 * size);
  std::uint64_t* sorted = scratch.data();
  for (std::size_t i = 0; i < size; i += 4) {
    const auto words = sequence.block(i / 4);
    for (std::size_t j = 0; j < std::min<std::size_t>(4, size - i); ++j)
      sorted[i + j] = (std::uint64_t{words[j]} << 32) | (i + j);
  }
  if (are_few) {
    std::sort(sorted, sorted + size);  // the index in the low half makes equal words keep their order
  } else {
    sort_by_word(sorted, sorted + size, size);
    sorted += size;  // after an odd number of digits
  }
  std::transform(sorted, sorted + size, order.begin(),
                 [](std::uint64_t entry) { return static_cast<std::uint32_t>(entry); });
}

}  // namespace gradus::internal
