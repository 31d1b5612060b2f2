#include "base/memory.hpp"

#include <gmock/gmock.h>
#include <limits>

#include <gtest/gtest.h>

#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

TEST(Memory, OfThisMachineIsSomeButNotAll) {
  EXPECT_GT(available_memory(), std::size_t{1} << 20);
  EXPECT_LT(available_memory(), std::size_t{1} << 60);
}

TEST(Memory, RefusesWhatIsNotThereAndNamesBothAmounts) {
  EXPECT_NO_THROW(require_memory(1000, "a test"));
  try {
    require_memory(std::numeric_limits<std::size_t>::max() / 2, "a test");
    FAIL() << "not refused";
  } catch (const OutOfMemory& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("a test needs 9.2 EB, and "));
    EXPECT_THAT(error.what(), testing::HasSubstr(" are available"));
  }
}

TEST(Memory, IsPrintedAsPeopleReadIt) {
  EXPECT_EQ(format_bytes(0), "0 bytes");
  EXPECT_EQ(format_bytes(999), "999 bytes");
  EXPECT_EQ(format_bytes(1000), "1.0 kB");
  EXPECT_EQ(format_bytes(1'234'567), "1.2 MB");
  EXPECT_EQ(format_bytes(999'999), "1.0 MB");
  EXPECT_EQ(format_bytes(24'000'000'000), "24 GB");
}

}  // namespace
}  // namespace gradus::internal
