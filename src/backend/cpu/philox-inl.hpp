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

#include "formulas/philox.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

/// This many blocks of Philox are computed at once, so that the compiler makes vectors of them.
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
  PhiloxKey key(sequence.seed());
  for (int round = 0; round < PhiloxKey::kRounds; ++round, key.next())
    for (std::size_t i = 0; i < kBlocks; ++i) philox_round(c0[i], c1[i], c2[i], c3[i], key.low, key.high);
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
