#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/temporary_folder.hpp"
#include "data/data_testing.hpp"

namespace gradus {
namespace {

using testing_support::contains;
using testing_support::inputs_of;
using testing_support::labels_of;
using testing_support::read_table;
using testing_support::table_error;
using Values = std::vector<float>;

TEST(CsvReader, ReadsNumbersAndNames) {
  const Dataset data = read_table("width,height,kind\n1,2.5,cat\n-3,4e2,dog\n5,6,cat\n");
  EXPECT_EQ(data.samples(), 3U);
  EXPECT_EQ(data.features(), 2U);
  EXPECT_FALSE(data.holds_bytes());
  EXPECT_TRUE(data.has_targets());
  EXPECT_EQ(data.source(), "t.csv");
  EXPECT_TRUE(data.notes().empty());
  EXPECT_EQ(data.schema().target_columns, std::vector<std::size_t>{2});
  EXPECT_EQ(inputs_of(data, 0), (Values{1, 2.5}));
  EXPECT_EQ(inputs_of(data, 1), (Values{-3, 400}));
  EXPECT_EQ(labels_of(data), (std::vector<std::int32_t>{0, 1, 0}));
}

TEST(CsvReader, LineEndsOfEverySystem) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const Dataset data = read_table("a,b" + end + "1,0" + end + end + "2,1" + end + "3,1");
    EXPECT_EQ(data.samples(), 3U);
    EXPECT_EQ(inputs_of(data, 2), Values{3});
    EXPECT_EQ(table_error("a,b" + end + "1,0" + end + end + "2,1" + end + "x,1"),
              "t.csv:5:1 ('a'): 'x' is text in a column of numbers; if its values are names, set `categorical` = 1");
  }
}

TEST(CsvReader, BlankLinesAreSkippedAndCounted) {
  const std::string text = "\n  \na,b\n\n1,0\n \t \n2,1\n\n\n";
  EXPECT_EQ(read_table(text).samples(), 2U);
  EXPECT_EQ(table_error(text + "3,\n"), "t.csv:10:2 ('b'): a missing value (the field is empty); no value may be missing");
}

TEST(CsvReader, QuotedFields) {
  const Dataset data = read_table("a,kind\n\"1\",\"x, y\"\n 2 ,\"say \"\"hi\"\"\"\n\"3\" ,\"two\nlines\"\n");
  EXPECT_EQ(data.schema().class_names, (std::vector<std::string>{"say \"hi\"", "two\nlines", "x, y"}));
  EXPECT_EQ(inputs_of(data, 2), Values{3});
  // A quote in the middle of a field is an ordinary character.
  EXPECT_EQ(read_table("1,5\" pipe\n2,x\n").schema().class_names, (std::vector<std::string>{"5\" pipe", "x"}));
}

TEST(CsvReader, LinesWithinQuotesCount) {
  const std::string text = "a,kind,b\n1,\"two\nlines\",2\n1,\"three\r\nmore\rlines\",2\n";
  EXPECT_EQ(table_error(text + "1,x,y\n", {.target = "kind"}),
            "t.csv:7:3 ('b'): 'y' is text in a column of numbers; if its values are names, set `categorical` = 3");
  // The line of a field is the one that it begins on.
  EXPECT_EQ(table_error(text + "1,\"q\nr\",y\n", {.target = "kind"}),
            "t.csv:8:3 ('b'): 'y' is text in a column of numbers; if its values are names, set `categorical` = 3");
  EXPECT_EQ(table_error("\"a\nb\",c\n1,0\nx,1\n"),
            "t.csv:4:1 ('a?b'): 'x' is text in a column of numbers; if its values are names, set `categorical` = 1");
}

TEST(CsvReader, RaggedRows) {
  EXPECT_EQ(table_error("a,b,c\n1,2,0\n1,2\n"), "t.csv:3: 2 fields in this row, where the header has 3");
  EXPECT_EQ(table_error("a,b,c\n1,2,0\n1,2,3,4,5\n"), "t.csv:3: 5 fields in this row, where the header has 3");
  EXPECT_EQ(table_error("1,2,0\n1\n"), "t.csv:2: 1 field in this row, where the first row has 3");
}

TEST(CsvReader, TextAmongNumbers) {
  EXPECT_EQ(table_error("a,b\n1,0\n0x10,1\n"),
            "t.csv:3:1 ('a'): '0x10' is text in a column of numbers; if its values are names, set `categorical` = 1");
  EXPECT_EQ(table_error("a,b\n1,0\n1_000,1\n"),
            "t.csv:3:1 ('a'): '1_000' is text in a column of numbers; if its values are names, set `categorical` = 1");
  const std::string message = table_error("a,b\n1,0\n" + std::string(1000, 'x') + ",1\n");
  EXPECT_TRUE(contains(message, "t.csv:3:1 ('a'): 'xxxx"));
  EXPECT_TRUE(contains(message, "x…' is text"));
  EXPECT_LT(message.size(), 200U);
}

TEST(CsvReader, MissingValues) {
  const std::string advice = "; choose what replaces missing values, such as `missing` = median, or remove such rows";
  for (const std::string word : {"NA", "n/a", "null", "None", "?"})
    EXPECT_EQ(table_error("a,b\n1,0\n" + word + ",1\n"), "t.csv:3:1 ('a'): a missing value ('" + word + "')" + advice);
  EXPECT_EQ(table_error("a,b\n1,0\n,1\n"), "t.csv:3:1 ('a'): a missing value (the field is empty)" + advice);
  EXPECT_EQ(table_error("a,b\n1,0\n\"\",1\n"), "t.csv:3:1 ('a'): a missing value (the field is empty)" + advice);
  EXPECT_EQ(table_error("a,b\n1,0\n2,  \n"),
            "t.csv:3:2 ('b'): a missing value (the field is empty); no value may be missing");
  // A delimiter at the end of every row makes an empty last column.
  EXPECT_EQ(table_error("1,0,\n2,1,\n"),
            "t.csv:1:3: a missing value (the field is empty: does the line end with an extra delimiter?); no value "
            "may be missing");
}

TEST(CsvReader, NotFiniteAndTooLarge) {
  EXPECT_TRUE(
      contains(table_error("a,b\n1,0\nNaN,1\n"), "t.csv:3:1 ('a'): 'NaN' is not a finite number; choose what replaces"));
  EXPECT_EQ(table_error("a,b\n-inf,0\n"), "t.csv:2:1 ('a'): '-inf' is not a finite number");
  EXPECT_EQ(table_error("a,b\n1e39,0\n"), "t.csv:2:1 ('a'): '1e39' is too large for a 32-bit float");
  EXPECT_EQ(table_error("a,b\n1,0\n2,1e39\n"), "t.csv:3:2 ('b'): '1e39' is too large for a 32-bit float");
}

TEST(CsvReader, Quotes) {
  EXPECT_EQ(table_error("a,b\n1,0\n\"2,1\n3,1\n"), "t.csv:3:1 ('a'): a quote begins here and is never closed");
  EXPECT_EQ(table_error("a,b\n1,0\n2,\"x"), "t.csv:3:2 ('b'): a quote begins here and is never closed");
  EXPECT_EQ(table_error("\"a,b\n1,0\n"), "t.csv:1:1: a quote begins here and is never closed");
  EXPECT_EQ(table_error("a,\"b\" c\n1,0\n"),
            "t.csv:1:2: text after the closing quote; a quote within quotes is written twice");
  EXPECT_EQ(table_error("a,b\n1,0\n\"2\"3,1\n"),
            "t.csv:3:1 ('a'): text after the closing quote; a quote within quotes is written twice");
  EXPECT_EQ(table_error("a,b\n1,0\n2,3,\"x"), "t.csv:3:3: a quote begins here and is never closed");
}

TEST(CsvReader, ANulFurtherDown) {
  std::string text = "a,b\n";
  for (int i = 0; i < 1'000'000; ++i) text += i % 2 == 0 ? "1,0\n" : "2,1\n";
  using namespace std::string_literals;
  EXPECT_EQ(table_error(text + "1\0"s + ",0\n"), "t.csv:1000002:1 ('a'): a NUL byte: this is not text");
  EXPECT_EQ(table_error(text + "1,x\0"s + "y\n"), "t.csv:1000002:2 ('b'): a NUL byte: this is not text");
}

TEST(CsvReader, ASingleColumn) {
  EXPECT_TRUE(contains(table_error("a\n1\n2\n"), "t.csv: no feature: this table has a single column"));
  EXPECT_TRUE(contains(table_error("hello world\n"), "t.csv: no feature"));
}

TEST(CsvReader, ARowTooLong) {
  internal::CsvLimits limits;
  limits.longest_record = 1000;
  limits.buffer_size = 64;
  limits.sample_size = 64;
  const std::string text = "a,b\n1,0\n2,1\n";
  const auto error = [&](const std::string& more) {
    return testing_support::message_of([&] { read_table(text + more, {}, limits); });
  };
  EXPECT_EQ(error("3,\"" + std::string(5000, 'x') + "\"\n"),
            "t.csv:4: a row of more than 1.0 kB begins here (a quote that is not closed?)");
  EXPECT_EQ(error(std::string(5000, '1') + ",1\n"),
            "t.csv:4: a row of more than 1.0 kB begins here (a quote that is not closed?)");
  EXPECT_EQ(error(std::string(5000, ' ')), "t.csv:4: a row of more than 1.0 kB begins here (a quote that is not closed?)");
}

TEST(CsvReader, LongRowsWithinTheLimit) {
  std::string header;
  std::string row;
  for (int i = 0; i < 300'000; ++i) {
    header += fmt::format("c{},", i);
    row += fmt::format("{}.25,", i);
  }
  const Dataset data = read_table(header + "y\n" + row + "0\n" + row + "1\n");
  EXPECT_EQ(data.features(), 300'000U);
  EXPECT_EQ(inputs_of(data, 1)[299'999], 299'999.25F);
}

TEST(CsvReader, ConstantColumnsAreRead) {
  EXPECT_EQ(inputs_of(read_table("a,b,y\n7,1,0\n7,2,1\n"), 1), (Values{7, 2}));
}

/// Where a window of text ends must not show: every table with windows from one byte on.
TEST(CsvReader, TheWindowsSizeDoesNotShow) {
  const std::string text =
      "\xEF\xBB\xBF\"first\n\"\"column\"\"\", b ,kind\r\n"
      "1,2,\"x\"\r\n\r\n-0.5, +17 ,\"a, \"\"quoted\"\"\r\nlabel\"\r\n"
      "123456789.125,\"1e-3\",plain text\r\n \r\n12,123,x\n1234,9,\"\"\"\"\r"
      "0.000001,-1234567890.5,x\n\n7,8,last";
  const Dataset whole = read_table(text);
  ASSERT_EQ(whole.samples(), 7U);
  for (std::size_t size = 1; size <= text.size() + 2; ++size) {
    internal::CsvLimits limits;
    limits.buffer_size = size;
    limits.sample_size = 1;
    const Dataset data = read_table(text, {}, limits);
    ASSERT_EQ(data.schema(), whole.schema()) << size;
    ASSERT_EQ(labels_of(data), labels_of(whole)) << size;
    for (std::size_t i = 0; i < whole.samples(); ++i) ASSERT_EQ(inputs_of(data, i), inputs_of(whole, i)) << size;
  }
}

TEST(CsvReader, TheWindowsSizeDoesNotShowInErrors) {
  for (const std::string text : {"a,b\n1,0\n2,1\r\n\r\n\"3\n\",1\nx,1\n", "a,b\n1,0\n2,1\n3\n", "a,b\n1,0\n2,1\n3,4,5,6\n",
                                 "a,b\n1,0\n2,1\n\"3,4\n5,6\n", "a,b\n1,0\n2,1\n3,\"4\"x\n5,6\n", "a,b\n1,0\n2,1\n3,\n"}) {
    for (std::size_t size = 1; size <= text.size() + 2; ++size) {
      internal::CsvLimits limits;
      limits.buffer_size = size;
      limits.sample_size = 1;
      ASSERT_EQ(testing_support::message_of([&] { read_table(text, {}, limits); }), table_error(text)) << size;
    }
  }
}

TEST(CsvReader, ManyRowsThroughManyWindows) {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 300'000; ++i)
    text += std::to_string(i) + "," + std::to_string(i * 0.5) + "," + std::to_string(i % 3) + "\n";
  const testing_support::TemporaryFolder folder;
  testing_support::write_bytes(folder / "t.csv.gz", testing_support::gzipped(text));
  const Dataset data = Dataset::load(folder / "t.csv.gz");
  ASSERT_EQ(data.samples(), 300'000U);
  for (std::size_t i = 0; i < data.samples(); ++i) {
    ASSERT_EQ(inputs_of(data, i), (Values{static_cast<float>(i), 0.5F * static_cast<float>(i)}));
    ASSERT_EQ(data.class_index(i), static_cast<std::int32_t>(i % 3));
  }
}

TEST(CsvReader, AnyAmountOfBlankLines) {
  const internal::CsvLimits small{.buffer_size = 64, .sample_size = 32, .longest_record = 256};
  const std::string blank(10'000, '\n');
  const auto error = [&](const std::string& text) {
    return testing_support::message_of([&] { read_table(text, {}, small); });
  };
  EXPECT_EQ(error(blank), "t.csv: there is no data in this file");
  EXPECT_EQ(error(blank + "  "), "t.csv: there is no data in this file");
  EXPECT_EQ(error(blank + "a,b\n1,0\nx,1\n"),
            "t.csv:10003:1 ('a'): 'x' is text in a column of numbers; if its values are names, set `categorical` = 1");
  EXPECT_EQ(error("a,b\n" + blank), "t.csv: no data rows: there is a header and nothing below it");
  EXPECT_EQ(read_table(blank + "a,b\n" + blank + "1,0\n2,1\n", {}, small).samples(), 2U);
  EXPECT_TRUE(contains(error(blank + "\"" + std::string(1000, 'x')), "t.csv:10001: a row of more than "));
  EXPECT_TRUE(contains(error("a,b\n\"" + std::string(1000, 'x')), "a row of more than "));
}

TEST(CsvReader, ADelimiterTooManyAtTheEndOfLines) {
  EXPECT_EQ(table_error("a,b,y,\n1,2,0,\n3,4,1,\n"),
            "t.csv:2:4 (''): a missing value (the field is empty, and so is its name: the lines end with a delimiter, which "
            "begins one more column)");
  EXPECT_EQ(table_error("a,b,y\n1,2,0,\n3,4,1,\n"),
            "t.csv:2: 4 fields in this row, where the header has 3; the last one is empty: does the line end with an extra "
            "delimiter?");
  EXPECT_EQ(table_error("a,b,y,\n1,2,0\n3,4,1\n"),
            "t.csv:2: 3 fields in this row, where the header has 4; the header ends with an extra delimiter");
  EXPECT_EQ(table_error("1,2,0,\n3,4,1,\n"),
            "t.csv:1:4: a missing value (the field is empty: does the line end with an extra delimiter?); no value may "
            "be missing");
}

TEST(CsvReader, CommentLinesAreNotRead) {
  const std::string hint = "; the first line begins with '#', and comment lines are not read";
  EXPECT_EQ(table_error("# a comment\na,b\n1,0\n2,1\n"),
            "t.csv: no feature: this table has a single column (Gradus detects comma, tab, "
            "semicolon and | as delimiters; set another one, such as a space, with `delimiter`)" +
                hint);
  EXPECT_TRUE(table_error("# made, today\na,b\n1,0\n2,1\n").ends_with(hint));
  EXPECT_TRUE(table_error("# made, today\n1,2,3\n").ends_with("where the header has 2" + hint));
  // A header may begin like that.
  EXPECT_EQ(read_table("#a,b\n1,0\n2,1\n").samples(), 2U);
}

TEST(CsvReader, ASingleColumnSaysWhichDelimiterThereWas) {
  EXPECT_EQ(table_error("a,b\n1,0\n2,1\n", {.delimiter = ';'}),
            "t.csv: no feature: this table has a single column (with the given delimiter, ';')");
  EXPECT_TRUE(contains(table_error("a b\n1 0\n2 1\n", {.target = "b"}), "such as a space, with `delimiter`"));
  EXPECT_EQ(read_table("a b\n1 0\n2 1\n", {.delimiter = ' '}).samples(), 2U);
}

TEST(CsvReader, NotesColumnsThatA32BitFloatCannotHold) {
  std::string times;
  std::string short_ones;
  for (int i = 0; i < 60; ++i) {
    times += fmt::format("{},{},{}\n", 1'700'000'000 + i, 0.123456789 * i, i % 2);
    short_ones += fmt::format("{},{},{}\n", 16'777'216 - i, 1'000'000'000, i % 2);
  }
  EXPECT_EQ(read_table("t,x,y\n" + times).notes(),
            std::vector<std::string>{"t.csv: column 1 ('t') has different values that become equal as 32-bit floats; "
                                     "subtract an offset first"});
  EXPECT_TRUE(read_table("t,x,y\n" + short_ones).notes().empty());
  EXPECT_TRUE(contains(read_table("1700000000,1700000000,0\n1700000001,1700000002,1\n").notes().at(0),
                       "column 1, column 2 have different values"));
}

}  // namespace
}  // namespace gradus
