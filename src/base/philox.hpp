#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gradus::internal {

/// Philox4x32-10, a counter-based generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): four
/// random words are a function of a 128-bit counter and a 64-bit key, so any device can draw any of them in any order.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                                            std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(product0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/// What random numbers are drawn for. Each purpose has a sequence of its own, so that drawing more for one changes no other.
/// The values are part of what a seed means: they never change.
enum class RandomPurpose : std::uint32_t {
  weights = 0,
  biases = 1,
  sample_order = 2,
  split = 3,
  dropout = 4,
  input_noise = 5,
  mixup = 6,
  distortion = 7,
  displacement = 8
};

/// One sequence of random numbers: a function of the seed, the purpose, and which layer, epoch or class it is drawn for.
class RandomSequence {
 public:
  constexpr RandomSequence(std::uint64_t seed, RandomPurpose purpose, std::uint32_t part)
      : seed_(seed),
        key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        purpose_(static_cast<std::uint32_t>(purpose)),
        part_(part) {}

  [[nodiscard]] constexpr std::uint64_t seed() const { return seed_; }
  [[nodiscard]] constexpr std::uint32_t purpose() const { return purpose_; }
  [[nodiscard]] constexpr std::uint32_t part() const { return part_; }

  /// Words 4·index … 4·index+3 of the sequence.
  [[nodiscard]] constexpr std::array<std::uint32_t, 4> block(std::uint64_t index) const {
    return philox({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), part_, purpose_}, key_);
  }

 private:
  std::uint64_t seed_;
  std::array<std::uint32_t, 2> key_;
  std::uint32_t purpose_;
  std::uint32_t part_;
};

/// Fills `order` with a random permutation of 0 … order.size()−1: the indices sorted by one random word each (word i of the
/// sequence belongs to index i; equal words keep their order). Any device can compute the same one with a stable sort.
/// `scratch` is working memory, kept by the caller so that nothing is allocated per epoch.
void random_permutation(const RandomSequence& sequence, std::vector<std::uint32_t>& order,
                        std::vector<std::uint64_t>& scratch);

}  // namespace gradus::internal
