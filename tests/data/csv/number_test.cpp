#include "data/csv/number.hpp"

#include <bit>
#include <clocale>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "data/data_testing.hpp"

namespace gradus {
namespace {

using internal::field_kind;
using internal::FieldKind;

/// The one feature of a table with this text as its field: through every path that the reader has.
float parsed(const std::string& text) {
  return testing_support::inputs_of(testing_support::read_table(text + ",0\n1,1\n", {.header = false}), 0).front();
}

void expect_like_strtof(const std::string& text) {
  const float expected = std::strtof(text.c_str(), nullptr);
  float value = 0;
  ASSERT_EQ(internal::parse_field(text, value), FieldKind::number) << text;
  EXPECT_EQ(std::bit_cast<std::uint32_t>(value), std::bit_cast<std::uint32_t>(expected)) << text;
  // The short form, if it takes the number, must give the same.
  const std::string ended = text + ",    ";
  float short_value = 0;
  if (const char* after = internal::parse_short_number(ended.c_str(), short_value); after == ended.c_str() + text.size()) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(short_value), std::bit_cast<std::uint32_t>(expected)) << text;
  }
  if (const char* after = internal::parse_small_integer(ended.c_str(), ',', short_value)) {
    EXPECT_EQ(after, ended.c_str() + text.size());
    EXPECT_EQ(short_value, expected) << text;
  }
}

TEST(CsvNumber, OddButValid) {
  for (const char* text : {"0",
                           "-0",
                           "0.0",
                           "-0.0",
                           ".5",
                           "-.5",
                           "5.",
                           "1e5",
                           "1E5",
                           "1e+5",
                           "1e-5",
                           "00012",
                           "1e-45",
                           "1.4e-45",
                           "1e-46",
                           "1e-400",
                           "3.4028235e38",
                           "1.17549435e-38",
                           "1.1754942e-38",
                           "16777217",
                           "33554433",
                           "123456789012345678901234567890",
                           "0.000000000000000000000000000001",
                           "9007199254740993",
                           "0.1234567890123456789012345678901",
                           "1.00000005960464477539062500000000000001",
                           "1.000000059604644775390625",
                           "1.00000017881393432617187499",
                           "999999999999999",
                           "9999999999999999"})
    expect_like_strtof(text);
  EXPECT_EQ(parsed("+5"), 5.0F);
  EXPECT_EQ(parsed("  -2.5 "), -2.5F);
  EXPECT_EQ(parsed("\t7\t"), 7.0F);
  EXPECT_EQ(parsed("\"8\""), 8.0F);
  EXPECT_EQ(parsed("\" 8e0 \""), 8.0F);
  EXPECT_TRUE(std::signbit(parsed("-0")));
}

TEST(CsvNumber, WholeNumbers) {
  for (int i = 0; i < 20'000; ++i) expect_like_strtof(std::to_string(i));
  for (int i = 16'777'000; i < 16'778'000; ++i) expect_like_strtof(std::to_string(i));
}

TEST(CsvNumber, RandomNumbersInManyForms) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<std::uint32_t> bits;
  for (int i = 0; i < 50'000; ++i) {
    const float value = std::bit_cast<float>(bits(random));
    if (!std::isfinite(value)) continue;
    for (const std::string& text : {fmt::format("{}", value), fmt::format("{:.9g}", value), fmt::format("{:.3e}", value),
                                    fmt::format("{:.17g}", static_cast<double>(value)), fmt::format("{:.3g}", value)})
      if (std::isfinite(std::strtof(text.c_str(), nullptr))) expect_like_strtof(text);
  }
}

TEST(CsvNumber, RandomDecimals) {
  std::mt19937_64 random(2);
  for (int digits = 1; digits <= 19; ++digits) {
    for (int i = 0; i < 4'000; ++i) {
      std::string text;
      for (int j = 0; j < digits; ++j) text += static_cast<char>('0' + random() % 10);
      expect_like_strtof(text);
      text.insert(random() % (text.size() + 1), 1, '.');
      expect_like_strtof(text);
      expect_like_strtof("-" + text);
    }
  }
}

/// Decimals at and next to the middle between two floats, where rounding twice goes wrong.
TEST(CsvNumber, NearTheMiddleBetweenTwoFloats) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 50'000; ++i) {
    const double low =
        static_cast<float>(std::ldexp(static_cast<double>(random() % (1U << 24) + 1), -static_cast<int>(random() % 24)));
    const double middle = (low + static_cast<double>(std::nextafter(static_cast<float>(low), INFINITY))) / 2;
    for (const int digits : {12, 13, 14, 15, 16, 17, 25, 40}) expect_like_strtof(fmt::format("{:.{}g}", middle, digits));
  }
}

TEST(CsvNumber, KindsOfFields) {
  for (const char* text : {"0x10",  "1_000", "1,000", "1e",  "e5", ".",  "-",       "+",    "+-5", "--5", "-+5",
                           "1.2.3", "abc",   "12abc", "1 2", "$5", "5%", "infinit", "nano", "1d5", "1f",  "٣"})
    EXPECT_EQ(field_kind(text), FieldKind::text) << text;
  for (const char* text : {"", " ", "NA", "na", "N/A", "n/a", "#N/A", "<NA>", "null", "NULL", "None", "?", " ? "})
    EXPECT_EQ(field_kind(text), FieldKind::missing) << text;
  for (const char* text : {"nan", "NaN", "-nan", "inf", "-inf", "+INF", "Infinity", " -infinity "})
    EXPECT_EQ(field_kind(text), FieldKind::not_finite) << text;
  for (const char* text : {"1e39", "-1e39", "3.4028236e38", "1e99999", "340282356779733661637539395458142568448"})
    EXPECT_EQ(field_kind(text), FieldKind::too_large) << text;
}

TEST(CsvNumber, NumbersDoNotDependOnTheLocale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  const char* found = nullptr;
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8", "de_DE", "fr_FR"})
    if (found == nullptr) found = std::setlocale(LC_ALL, name);
  if (found == nullptr) GTEST_SKIP() << "skipped: no locale with a decimal comma is installed";
  EXPECT_EQ(parsed("1.5"), 1.5F);
  EXPECT_EQ(parsed("1.5e-3"), 1.5e-3F);
  EXPECT_EQ(parsed("0.12345678901234567890"), 0.12345678901234567890F);
  EXPECT_EQ(field_kind("1,5"), FieldKind::text);
  std::setlocale(LC_ALL, before.c_str());
}

TEST(CsvNumber, DecimalComma) {
  EXPECT_TRUE(internal::has_decimal_comma("1,5"));
  EXPECT_TRUE(internal::has_decimal_comma("-1,5e3"));
  EXPECT_FALSE(internal::has_decimal_comma("1,5,3"));
  EXPECT_FALSE(internal::has_decimal_comma(",5"));
  EXPECT_FALSE(internal::has_decimal_comma("a,b"));
}

}  // namespace
}  // namespace gradus
