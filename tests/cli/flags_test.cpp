#include <gtest/gtest.h>

#include "cli/command_options.hpp"

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

// A name of the user's stays what it is, even where it looks like an option.
TEST(Flags, NamesOfTheUserStay) {
  EXPECT_EQ(with_flags("the target cannot be '`test`'"), "the target cannot be '`test`'");
  EXPECT_EQ(with_flags("`test`.csv:2:2 ('`scale`'): a missing value; set `missing`"),
            "`test`.csv:2:2 ('`scale`'): a missing value; set --missing");
}

// Every option of the tables is known, the command's own too.
TEST(Flags, EveryOptionIsTranslated) {
  EXPECT_EQ(with_flags("`folds` writes no model, so `output` has no use"),
            "--folds writes no model, so --output has no use");
  for (const OptionInfo& info : option_table()) {
    const std::string key(info.key);
    EXPECT_EQ(with_flags("`" + key + "`"), flag_of(key));
    EXPECT_EQ(with_flags("x `" + key + "` = 0.1, y"), "x " + flag_of(key) + " 0.1, y");
  }
}

}  // namespace
}  // namespace gradus::cli
