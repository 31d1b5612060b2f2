#pragma once

#include <cstddef>
#include <cstdint>

#include "formulas/host_device.hpp"

namespace gradus::internal {

/// Four random words, or the counter that they are drawn for.
struct RandomWords {
  std::uint32_t at[4];

  [[nodiscard]] GRADUS_HOST_DEVICE constexpr std::uint32_t operator[](std::size_t i) const { return at[i]; }
  bool operator==(const RandomWords&) const = default;
};

/// One of the ten rounds of Philox: the counter's four words become others. What changes from round to round is the key.
GRADUS_HOST_DEVICE constexpr void philox_round(std::uint32_t& c0, std::uint32_t& c1, std::uint32_t& c2, std::uint32_t& c3,
                                               std::uint32_t key0, std::uint32_t key1) {
  const std::uint64_t product0 = std::uint64_t{0xD2511F53} * c0;
  const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * c2;
  c0 = static_cast<std::uint32_t>(product1 >> 32) ^ c1 ^ key0;
  c1 = static_cast<std::uint32_t>(product1);
  c2 = static_cast<std::uint32_t>(product0 >> 32) ^ c3 ^ key1;
  c3 = static_cast<std::uint32_t>(product0);
}

/// The halves of a key, round by round.
struct PhiloxKey {
  static constexpr int kRounds = 10;

  std::uint32_t low;
  std::uint32_t high;

  GRADUS_HOST_DEVICE explicit constexpr PhiloxKey(std::uint64_t key)
      : low(static_cast<std::uint32_t>(key)), high(static_cast<std::uint32_t>(key >> 32)) {}
  GRADUS_HOST_DEVICE constexpr void next() {
    low += 0x9E3779B9;
    high += 0xBB67AE85;
  }
};

/// Philox4x32-10, a counter-based generator (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): four
/// random words are a function of a 128-bit counter and a 64-bit key, so any device can draw any of them in any order.
[[nodiscard]] GRADUS_HOST_DEVICE constexpr RandomWords philox(RandomWords counter, std::uint64_t of_sequence) {
  PhiloxKey key(of_sequence);
  auto& [c0, c1, c2, c3] = counter.at;
  for (int round = 0; round < PhiloxKey::kRounds; ++round, key.next()) philox_round(c0, c1, c2, c3, key.low, key.high);
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
      : seed_(seed), purpose_(static_cast<std::uint32_t>(purpose)), part_(part) {}

  [[nodiscard]] GRADUS_HOST_DEVICE constexpr std::uint64_t seed() const { return seed_; }
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr std::uint32_t purpose() const { return purpose_; }
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr std::uint32_t part() const { return part_; }

  /// The counter of the words 4·index … 4·index+3.
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr RandomWords counter(std::uint64_t index) const {
    return {{static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), part_, purpose_}};
  }
  /// Words 4·index … 4·index+3 of the sequence.
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr RandomWords block(std::uint64_t index) const {
    return philox(counter(index), seed_);
  }
  /// One word of the sequence. By comparisons, since a GPU cannot index its registers at run time.
  [[nodiscard]] GRADUS_HOST_DEVICE constexpr std::uint32_t word(std::uint64_t index) const {
    const RandomWords words = block(index / 4);
    const auto which = static_cast<unsigned>(index % 4);
    return which < 2 ? (which == 0 ? words[0] : words[1]) : (which == 2 ? words[2] : words[3]);
  }

 private:
  std::uint64_t seed_;
  std::uint32_t purpose_;
  std::uint32_t part_;
};

/// How many blocks have at least `words` words: what a row of this many values takes, so that rows begin with a block.
[[nodiscard]] GRADUS_HOST_DEVICE constexpr std::uint64_t blocks_for(std::uint64_t words) {
  return (words + 3) / 4;
}

/// A random word as a number in [0, 1). Its upper 24 bits: a float holds each of these numbers.
[[nodiscard]] GRADUS_HOST_DEVICE constexpr float to_unit(std::uint32_t word) {
  return static_cast<float>(static_cast<std::int32_t>(word >> 8)) * 0x1p-24F;
}

/// A random word as a number in [−1, 1].
[[nodiscard]] GRADUS_HOST_DEVICE constexpr float to_signed_unit(std::uint32_t word) {
  return static_cast<float>(static_cast<std::int32_t>(word)) * 0x1p-31F;
}

}  // namespace gradus::internal
