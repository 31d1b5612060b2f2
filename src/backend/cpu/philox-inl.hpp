// Random words in vectors, compiled anew for each instruction set as vector_loops-inl.hpp is: included after Highway.
#if defined(GRADUS_PHILOX_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GRADUS_PHILOX_INL
#undef GRADUS_PHILOX_INL
#else
#define GRADUS_PHILOX_INL
#endif

#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "base/philox.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

/// So many blocks of Philox at once, for the compiler to put into vectors.
constexpr std::size_t kBlocks = 16;

/// Word w of block i is words[w][i]: those of philox(), block by block.
struct PhiloxBlocks {
  std::uint32_t words[4][kBlocks];
};

HWY_INLINE void draw(const RandomSequence& sequence, std::uint64_t first, PhiloxBlocks& blocks) {
  auto& [c0, c1, c2, c3] = blocks.words;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    c0[i] = static_cast<std::uint32_t>(first + i);
    c1[i] = static_cast<std::uint32_t>((first + i) >> 32);
    c2[i] = sequence.part();
    c3[i] = sequence.purpose();
  }
  auto key0 = static_cast<std::uint32_t>(sequence.seed());
  auto key1 = static_cast<std::uint32_t>(sequence.seed() >> 32);
  for (int round = 0; round < 10; ++round) {
    for (std::size_t i = 0; i < kBlocks; ++i) {
      const std::uint64_t product0 = std::uint64_t{0xD2511F53} * c0[i];
      const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * c2[i];
      const std::uint32_t before1 = c1[i];
      const std::uint32_t before3 = c3[i];
      c0[i] = static_cast<std::uint32_t>(product1 >> 32) ^ before1 ^ key0;
      c1[i] = static_cast<std::uint32_t>(product1);
      c2[i] = static_cast<std::uint32_t>(product0 >> 32) ^ before3 ^ key1;
      c3[i] = static_cast<std::uint32_t>(product0);
    }
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
