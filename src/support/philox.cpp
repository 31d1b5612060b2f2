#include "support/philox.hpp"

#include <algorithm>

namespace gradus::internal {

void random_permutation(const RandomSequence& sequence, std::vector<std::uint32_t>& order,
                        std::vector<std::uint64_t>& scratch) {
  const std::size_t size = order.size();
  scratch.resize(size);
  for (std::size_t i = 0; i < size; i += 4) {
    const auto words = sequence.block(i / 4);
    for (std::size_t j = 0; j < std::min<std::size_t>(4, size - i); ++j)
      scratch[i + j] = (std::uint64_t{words[j]} << 32) | (i + j);
  }
  // The index in the low half makes equal words keep their order, whatever the sort.
  std::sort(scratch.begin(), scratch.end());
  std::transform(scratch.begin(), scratch.end(), order.begin(),
                 [](std::uint64_t entry) { return static_cast<std::uint32_t>(entry); });
}

}  // namespace gradus::internal
