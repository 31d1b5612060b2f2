#include "data/csv/dialect.hpp"

#include <string>

#include <gtest/gtest.h>

#include "data/data_testing.hpp"

namespace gradus {
namespace {

using testing_support::contains;
using testing_support::inputs_of;
using testing_support::message_of;
using testing_support::read_table;
using testing_support::table_error;

internal::CsvDialect sniff(std::string_view text) {
  return internal::sniff_dialect(text, internal::Excerpt::all, std::nullopt, std::nullopt).value();
}

TEST(CsvDialect, FindsTheDelimiter) {
  for (const char delimiter : {',', '\t', ';', '|'}) {
    std::string text = "a,b,c\n1,2,3\n4,5,6\n";
    for (char& c : text)
      if (c == ',') c = delimiter;
    EXPECT_EQ(sniff(text).delimiter, delimiter);
    EXPECT_EQ(sniff(text).columns, 3U);
    const Dataset data = read_table(text);
    EXPECT_EQ(inputs_of(data, 1), (std::vector<float>{4, 5}));
  }
}

TEST(CsvDialect, OtherDelimitersWithinFields) {
  EXPECT_EQ(sniff("\"a;b\",\"c;d\"\n1,2\n3,4\n").delimiter, ',');
  EXPECT_EQ(sniff("a;b, c\n1;2\n3;4\n").delimiter, ';');
  EXPECT_EQ(sniff("name|x\n1,000|2\n2,000|3\n").delimiter, '|');
  EXPECT_EQ(sniff("1\t2\ta,b\n3\t4\tc,d\n").delimiter, '\t');
}

TEST(CsvDialect, DecimalCommasShowInTheMessage) {
  EXPECT_EQ(sniff("x;y;z\n1,5;2,5;3,5\n1,5;2,5;3,5\n").delimiter, ';');
  EXPECT_EQ(table_error("x;y;z\n1,5;2,5;3,5\n1,5;2,5;3,5\n"),
            "t.csv:2:1 ('x'): '1,5' has a decimal comma; Gradus reads numbers with a decimal point");
}

TEST(CsvDialect, TheOptionWins) {
  const Dataset data = read_table("1:2:0\n3:4:1\n", {.delimiter = ':'});
  EXPECT_EQ(data.features(), 2U);
  EXPECT_EQ(read_table("1 2 0\n3 4 1\n", {.delimiter = ' '}).features(), 2U);
}

TEST(CsvDialect, ImpossibleDelimiters) {
  for (const char delimiter : {'"', '\n', '\r', '\0', '5', 'e', '.', '-', '+', '\x80'}) {
    const DataOptions options{.delimiter = delimiter};
    EXPECT_TRUE(contains(message_of<UsageError>([&] { read_table("1,2\n3,4\n", options); }), "the delimiter cannot be "));
  }
}

TEST(CsvDialect, HeaderIsATextOverANumber) {
  EXPECT_TRUE(sniff("a,b\n1,2\n").header);
  EXPECT_TRUE(sniff("1,b\n1,2\n").header);
  EXPECT_TRUE(sniff("a,b\n1,cat\n").header);
  EXPECT_TRUE(sniff("a,b\nNA,cat\n3,cat\n").header);
  EXPECT_FALSE(sniff("1,cat\n2,\n").header);
  EXPECT_FALSE(sniff("1,2\n3,4\n").header);
  EXPECT_FALSE(sniff("1,cat\n2,dog\n").header);
  EXPECT_FALSE(sniff("NA,2\n3,4\n").header);
  EXPECT_FALSE(sniff("a,b\nc,d\n").header);
}

TEST(CsvDialect, ALoneRowOfTextsIsAHeader) {
  EXPECT_TRUE(sniff("a,b\n").header);
  EXPECT_FALSE(sniff("1,b\n").header);
  EXPECT_EQ(table_error("a,b\n"), "t.csv: no data rows: there is a header and nothing below it");
}

TEST(CsvDialect, TheHeaderOptionWins) {
  EXPECT_EQ(read_table("1,2\n3,0\n4,1\n", {.header = true}).samples(), 2U);
  EXPECT_EQ(read_table("1,2\n3,0\n4,1\n", {.header = true}).schema().feature_names, std::vector<std::string>{"1"});
  EXPECT_EQ(table_error("a,b\n1,2\n", {.header = false}),
            "t.csv:1:1: 'a' is text in a column of numbers; if its values are names, set `categorical` = 1");
  EXPECT_EQ(table_error("1,2\n", {.header = true}), "t.csv: no data rows: there is a header and nothing below it");
}

TEST(CsvDialect, NamesOfTheHeader) {
  const Dataset data = read_table(" a , \"b,c\" ,\"d \"\"e\"\"\",y\n1,2,3,0\n1,2,3,1\n");
  EXPECT_EQ(data.schema().feature_names, (std::vector<std::string>{"a", "b,c", "d \"e\""}));
  EXPECT_EQ(data.schema().target_names, std::vector<std::string>{"y"});
}

TEST(CsvDialect, EqualNames) {
  EXPECT_EQ(table_error("a,b,c,b\n1,2,3,4\n"), "t.csv:1: columns 2 and 4 have the same name, 'b'");
  EXPECT_EQ(table_error("\n\na,,\n1,2,3\n"), "t.csv:3: columns 2 and 3 have the same name, ''");
}

TEST(CsvDialect, ByteOrderMarks) {
  const Dataset data = read_table(
      "\xEF\xBB\xBF"
      "a,b\n1,0\n2,1\n");
  EXPECT_EQ(data.schema().feature_names, std::vector<std::string>{"a"});
  EXPECT_EQ(inputs_of(read_table("\xEF\xBB\xBF"
                                 "1,0\n2,1\n"),
                      0),
            std::vector<float>{1});
  using namespace std::string_view_literals;
  EXPECT_EQ(table_error("\xFF\xFE"
                        "1\0,\0"sv),
            "t.csv: this is text in UTF-16; Gradus reads UTF-8 and ASCII");
  EXPECT_EQ(table_error("\xFE\xFF\0"
                        "1"sv),
            "t.csv: this is text in UTF-16; Gradus reads UTF-8 and ASCII");
}

TEST(CsvDialect, BinaryData) {
  using namespace std::string_view_literals;
  EXPECT_TRUE(contains(table_error("1,2\n3,\0\n"sv), "t.csv: this is not text: there is a NUL at byte 6"));
}

TEST(CsvDialect, NothingInTheFile) {
  for (const char* text : {"", "\n", "\n\r\n  \n", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"})
    EXPECT_EQ(table_error(text), "t.csv: there is no data in this file");
}

}  // namespace
}  // namespace gradus
