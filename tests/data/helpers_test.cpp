#include <gtest/gtest.h>

#include "base/growth.hpp"
#include "data/data_testing.hpp"
#include "data/dataset/class_names.hpp"

namespace gradus::internal {
namespace {

TEST(ClassNames, NumbersWithoutDecimals) {
  EXPECT_EQ(class_name(3.0), "3");
  EXPECT_EQ(class_name(-0.0), "0");
  EXPECT_EQ(class_name(-17), "-17");
  EXPECT_EQ(class_name(0.1), "0.1");
  EXPECT_EQ(class_name(1e15), "1000000000000000");
  EXPECT_EQ(class_name(1e30), "1e+30");
}

TEST(Growth, AsksBeforeItTakes) {
  Array<float> array;
  make_room(array, 10, "t.csv");
  EXPECT_GE(array.capacity(), 10U);
  EXPECT_EQ(array.size(), 0U);
  const std::string message =
      testing_support::message_of<OutOfMemory>([&] { make_room(array, std::size_t{1} << 58, "t.csv"); });
  EXPECT_TRUE(
      testing_support::contains(message, "not enough memory: the next part of t.csv (after 0 bytes) needs 1.2 EB, and "));
  EXPECT_THROW(make_room(array, static_cast<std::size_t>(-1) / 4, "t.csv"), std::bad_alloc);
}

}  // namespace
}  // namespace gradus::internal
