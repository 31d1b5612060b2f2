#include "report/words.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace gradus::report {
namespace {

TEST(Words, Numbers) {
  EXPECT_EQ(percent(0.9694), "96.94%");
  EXPECT_EQ(four_digits(0.0123), "0.01230");
  EXPECT_EQ(four_digits(123456.0), "1.235e+05");
  EXPECT_EQ(general(69345.12), "69345.1");
  EXPECT_EQ(general(0.5), "0.5");
}

TEST(Words, DurationsHaveTwoUnits) {
  EXPECT_EQ(duration(-1.0), "0.0 s");
  EXPECT_EQ(duration(0.94), "0.9 s");
  EXPECT_EQ(duration(0.96), "1 s");
  EXPECT_EQ(duration(59.6), "1 min 0 s");
  EXPECT_EQ(duration(7380.0), "2 h 3 min");
  EXPECT_EQ(duration(90000.0), "1 d 1 h");
  EXPECT_EQ(duration(std::numeric_limits<double>::infinity()), "unknown time");
}

TEST(Words, SpeedsHaveThreeDigits) {
  EXPECT_EQ(speed(999.4), "999 samples/s");
  EXPECT_EQ(speed(999.6), "1.00k samples/s");
  EXPECT_EQ(speed(55'600.0), "55.6k samples/s");
  EXPECT_EQ(speed(1'234'000.0), "1.23M samples/s");
}

TEST(Words, PositionsAndSizes) {
  EXPECT_EQ(position(3, 10), " 3/10");
  EXPECT_EQ(position(10, 10), "10/10");
  EXPECT_EQ(memory_size(1023), "1023 bytes");
  EXPECT_EQ(memory_size(std::size_t{3} << 29U), "1.5 GiB");
}

}  // namespace
}  // namespace gradus::report
