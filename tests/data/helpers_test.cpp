#include <array>

#include <gtest/gtest.h>

#include "base/growth.hpp"
#include "base/suggest.hpp"
#include "base/wording.hpp"
#include "data/data_testing.hpp"
#include "data/dataset/class_names.hpp"

namespace gradus::internal {
namespace {

TEST(Wording, QuotesAreShortAndPrintable) {
  EXPECT_EQ(in_quotes("abc"), "'abc'");
  EXPECT_EQ(in_quotes("a\nb\t\x7F"), std::string("'a?b?") + "?'");
  EXPECT_EQ(in_quotes(std::string(41, 'a')), "'" + std::string(40, 'a') + "…'");
  // No character is cut in two.
  EXPECT_EQ(in_quotes(std::string(39, 'a') + "éé"), "'" + std::string(39, 'a') + "…'");
  EXPECT_EQ(in_quotes(std::string(100, '\x80')).size(), 36U + 5U);
}

TEST(Wording, Lists) {
  const std::vector<std::string> names{"a", "b", "c", "d"};
  EXPECT_EQ(listed(std::span(names).first(1)), "'a'");
  EXPECT_EQ(listed(std::span(names).first(2)), "'a' and 'b'");
  EXPECT_EQ(listed(names), "'a', 'b', 'c' and 'd'");
  EXPECT_EQ(listed(names, 3), "'a', 'b' and 2 more");
}

TEST(Wording, Numbers) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(47'040'000), "47,040,000");
  EXPECT_EQ(counted(1, "column"), "1 column");
  EXPECT_EQ(counted(0, "column"), "0 columns");
}

TEST(ClassNames, NumbersWithoutDecimals) {
  EXPECT_EQ(class_name(3.0), "3");
  EXPECT_EQ(class_name(-0.0), "0");
  EXPECT_EQ(class_name(-17), "-17");
  EXPECT_EQ(class_name(0.1), "0.1");
  EXPECT_EQ(class_name(1e15), "1000000000000000");
  EXPECT_EQ(class_name(1e30), "1e+30");
}

TEST(Suggest, TheNearestOrNone) {
  constexpr std::array<std::string_view, 5> kNames{"classification", "regression", "sigmoid", "tanh", "x"};
  EXPECT_EQ(nearest("clasification", kNames), "classification");
  EXPECT_EQ(nearest("REGRESSION", kNames), "regression");
  EXPECT_EQ(nearest("sig", kNames), "sigmoid");
  EXPECT_EQ(nearest("tahn", kNames), "tanh");
  EXPECT_EQ(nearest("y", kNames), "");
  EXPECT_EQ(nearest("X", kNames), "x");
  EXPECT_EQ(nearest("price", kNames), "");
  EXPECT_EQ(nearest("", kNames), "");
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
