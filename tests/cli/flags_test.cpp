#include "cli/flags.hpp"

#include <array>
#include <string_view>

#include <gtest/gtest.h>

namespace gradus::cli {
namespace {

TEST(Flags, OptionsOfTheLibraryBecomeFlags) {
  EXPECT_EQ(with_flags("leave it out (`ignore` = 3)"), "leave it out (--ignore 3)");
  EXPECT_EQ(with_flags("set `image_size`; `task` = multi-label"), "set --image-size; --task multi-label");
  EXPECT_EQ(with_flags("`most_categories` = N allows more"), "--most-categories N allows more");
  EXPECT_EQ(with_flags("`missing`"), "--missing");
}

TEST(Flags, OtherWordsStay) {
  EXPECT_EQ(with_flags("convert it with `iconv -t utf-8`, or `ignore` it"),
            "convert it with `iconv -t utf-8`, or --ignore it");
  EXPECT_EQ(with_flags("a lone ` and `missing`"), "a lone ` and --missing");
  EXPECT_EQ(with_flags("missing"), "missing");
  EXPECT_EQ(with_flags(""), "");
}

TEST(Flags, TheKeysCanBeGiven) {
  constexpr std::array<std::string_view, 1> kKeys{"dropout"};
  EXPECT_EQ(with_flags("`dropout` = 0, not `task` = x", kKeys), "--dropout 0, not `task` = x");
}

}  // namespace
}  // namespace gradus::cli
