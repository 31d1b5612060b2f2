#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/suggest.hpp"
#include "base/utf8.hpp"
#include "base/wording.hpp"

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
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(1000), "1,000");
  EXPECT_EQ(with_separators(47'040'000), "47,040,000");
  EXPECT_EQ(alternatives(std::vector<std::string_view>{"a"}), "a");
  EXPECT_EQ(alternatives(std::vector<std::string_view>{"a", "b", "c"}), "a, b or c");
  EXPECT_EQ(counted(1, "column"), "1 column");
  EXPECT_EQ(counted(0, "column"), "0 columns");
  EXPECT_EQ(counted(1, "class", "classes"), "1 class");
  EXPECT_EQ(counted(1797, "class", "classes"), "1,797 classes");
}

TEST(Suggest, TheNearestOrNone) {
  constexpr std::array<std::string_view, 5> kNames{"classification", "regression", "sigmoid", "tanh", "x"};
  EXPECT_EQ(nearest("clasification", kNames), "classification");
  EXPECT_EQ(nearest("REGRESSION", kNames), "regression");
  EXPECT_EQ(nearest("sig", kNames), "sigmoid");
  EXPECT_EQ(nearest("tahn", kNames), "tanh");
  EXPECT_EQ(nearest("y", kNames), std::nullopt);
  EXPECT_EQ(nearest("X", kNames), "x");
  EXPECT_EQ(nearest("price", kNames), std::nullopt);
  EXPECT_EQ(nearest("", kNames), std::nullopt);
  EXPECT_EQ(did_you_mean("sigmiod", kNames), " (did you mean 'sigmoid'?)");
  EXPECT_EQ(did_you_mean("price", kNames), "");
}

TEST(Suggest, ShortWordsBearOneSlip) {
  constexpr std::array<std::string_view, 3> kNames{"cpu", "cuda", "--learning-rate"};
  EXPECT_EQ(nearest("gpu", kNames), "cpu");
  EXPECT_EQ(nearest("gpx", kNames), std::nullopt);
  EXPECT_EQ(nearest("--learn", kNames), "--learning-rate");
  EXPECT_EQ(nearest("--laerning-rat", kNames), "--learning-rate");
}

TEST(Utf8, TextIsToldFromBytes) {
  EXPECT_TRUE(is_utf8("naïve 日本 🙂"));
  EXPECT_TRUE(is_utf8(""));
  for (const std::string_view wrong : {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3"})
    EXPECT_FALSE(is_utf8(wrong));
}

TEST(Utf8, NothingMovesTheCursor) {
  EXPECT_EQ(printable("a\x1B[1mb\n\xC2\x9B \xFFé"), "a?[1mb?? ?é");
  EXPECT_EQ(printable_lines("a\nb\r"), "a\nb?");
}

TEST(Utf8, WidthsAreOfCharacters) {
  EXPECT_EQ(width_of("σé日"), 3U);
  EXPECT_EQ(aligned_left("σ", 3), "σ  ");
  EXPECT_EQ(aligned_right("σ", 3), "  σ");
  EXPECT_EQ(shortened("abcdef", 4), "abc…");
  EXPECT_EQ(shortened("éééé", 4), "éééé");
}

}  // namespace
}  // namespace gradus::internal
