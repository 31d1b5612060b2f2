#include "options/range.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace gradus::internal {
namespace {

TEST(Range, KnowsItsEnds) {
  EXPECT_TRUE(Range::at_least(0.0).contains(0.0));
  EXPECT_FALSE(Range::above(0.0).contains(0.0));
  EXPECT_TRUE(Range::above(0.0).contains(1e-40));
  const Range part = Range::at_least(0.0).below(1.0);
  EXPECT_TRUE(part.contains(0.5));
  EXPECT_FALSE(part.contains(1.0));
  EXPECT_TRUE(Range::at_least(0.0).at_most(180.0).contains(180.0));
  EXPECT_FALSE(Range::at_least(0.0).at_most(180.0).contains(180.5));
  const Range mixup = Range::at_least(0.001).at_most(1000.0).or_zero();
  EXPECT_TRUE(mixup.contains(0.0));
  EXPECT_TRUE(mixup.contains(0.001));
  EXPECT_FALSE(mixup.contains(0.0001));
}

// Training computes in 32-bit floats: what is inside as a double can be outside as a float.
TEST(Range, HoldsForTheFloatToo) {
  EXPECT_FALSE(Range::above(0.0).contains(1e-50));
  EXPECT_FALSE(Range::at_least(0.0).contains(1e39));
  EXPECT_FALSE(Range::at_least(0.0).below(1.0).contains(0.9999999999));
  EXPECT_FALSE(Range::at_least(0.0).contains(std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(Range::at_least(0.0).contains(std::numeric_limits<double>::infinity()));
}

// Times and fractions are compared as doubles, not as the floats of training.
TEST(Range, MayBeOfDoubles) {
  EXPECT_TRUE(Range::above(0.0).in_doubles().contains(1e-50));
  EXPECT_TRUE(Range::above(0.0).in_doubles().contains(1e50));
  EXPECT_TRUE(Range::above(0.0).below(1.0).in_doubles().contains(0.9999999999));
  EXPECT_FALSE(Range::above(0.0).in_doubles().contains(std::numeric_limits<double>::infinity()));
}

TEST(Range, IsAPhrase) {
  EXPECT_EQ(Range::above(0.0).describe(), "a number above 0, such as 0.1");
  EXPECT_EQ(Range::at_least(0.0).below(1.0).describe(), "a number of at least 0 and below 1, such as 0.1");
  EXPECT_EQ(Range::above(0.0).below(1.0).such_as("0.2").describe(), "a number between 0 and 1, such as 0.2");
  EXPECT_EQ(Range::at_least(0.0).at_most(180.0).describe(), "a number from 0 to 180, such as 0.1");
  EXPECT_EQ(Range::at_least(0.001).at_most(1000.0).or_zero().describe(), "0, or a number from 0.001 to 1000, such as 0.1");
}

}  // namespace
}  // namespace gradus::internal
