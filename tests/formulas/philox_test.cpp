#include "formulas/philox.hpp"

#include <cstdint>

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

/// The known answers that Random123 1.14 publishes for philox4x32-10 (kat_vectors). A key's lower word is its first.
TEST(Philox, GivesThePublishedWords) {
  EXPECT_EQ(philox({0, 0, 0, 0}, 0), (RandomWords{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox({kOnes, kOnes, kOnes, kOnes}, 0xffffffff'ffffffff),
            (RandomWords{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0'a4093822),
            (RandomWords{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomSequence, DiffersByEveryPartOfItsName) {
  const auto first = RandomSequence(1, RandomPurpose::weights, 0).block(0);
  EXPECT_EQ(first, RandomSequence(1, RandomPurpose::weights, 0).block(0));
  EXPECT_NE(first, RandomSequence(2, RandomPurpose::weights, 0).block(0));
  EXPECT_NE(first, RandomSequence(1 + (std::uint64_t{1} << 32), RandomPurpose::weights, 0).block(0));
  EXPECT_NE(first, RandomSequence(1, RandomPurpose::sample_order, 0).block(0));
  EXPECT_NE(first, RandomSequence(1, RandomPurpose::weights, 1).block(0));
  EXPECT_NE(first, RandomSequence(1, RandomPurpose::weights, 0).block(1));
  EXPECT_NE(first, RandomSequence(1, RandomPurpose::weights, 0).block(std::uint64_t{1} << 32));
}

/// The counter has the block, the part and the purpose in this order; the key is the seed. A seed means this for ever.
TEST(RandomSequence, IsPhiloxOfItsName) {
  const RandomSequence sequence(0x0123'4567'89ab'cdef, RandomPurpose::mixup, 5);
  EXPECT_EQ(sequence.block((std::uint64_t{3} << 32) + 2), philox({2, 3, 5, 6}, 0x0123'4567'89ab'cdef));
}

TEST(RandomSequence, HasTheWordsOfItsBlocks) {
  const RandomSequence sequence(7, RandomPurpose::split, 1);
  for (const std::uint64_t block : {std::uint64_t{0}, std::uint64_t{9}, std::uint64_t{1} << 40})
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(sequence.word(4 * block + i), sequence.block(block)[i]);
}

TEST(RandomWords, FillWholeBlocks) {
  EXPECT_EQ(blocks_for(0), 0U);
  EXPECT_EQ(blocks_for(1), 1U);
  EXPECT_EQ(blocks_for(4), 1U);
  EXPECT_EQ(blocks_for(5), 2U);
}

TEST(RandomWords, AreNumbersOfAnInterval) {
  EXPECT_EQ(to_unit(0), 0.0F);
  EXPECT_EQ(to_unit(0x8000'0000), 0.5F);
  EXPECT_EQ(to_unit(0xffff'ffff), 1.0F - 0x1p-24F);
  EXPECT_EQ(to_signed_unit(0), 0.0F);
  EXPECT_EQ(to_signed_unit(0x4000'0000), 0.5F);
  EXPECT_EQ(to_signed_unit(0x7fff'ffff), 1.0F);
  EXPECT_EQ(to_signed_unit(0x8000'0000), -1.0F);
}

}  // namespace
}  // namespace gradus::internal
