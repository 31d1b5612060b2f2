#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "data/data_testing.hpp"
#include "data/dataset/category_names.hpp"

namespace gradus {
namespace {

using namespace testing_support;
using Names = std::vector<std::string>;

std::vector<float> column_of(const Dataset& data, std::size_t feature) {
  std::vector<float> values;
  for (std::size_t i = 0; i < data.samples(); ++i) values.push_back(inputs_of(data, i).at(feature));
  return values;
}

bool has_note(const Dataset& data, std::string_view part) {
  for (const std::string& note : data.notes())
    if (note.find(part) != std::string::npos) return true;
  return false;
}

TEST(CsvFeatures, AColumnOfTextHasNames) {
  const Dataset data = read_table("a,colour,y\n1,red,0\n2,blue,1\n3,red,1\n");
  ASSERT_EQ(data.schema().categories.size(), 1U);
  EXPECT_EQ(data.schema().categories[0], (Categories{1, {"blue", "red"}, 0}));
  EXPECT_EQ(column_of(data, 1), (std::vector<float>{1, 0, 1}));
  EXPECT_EQ(column_of(data, 0), (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(data.features(), 2U);
  EXPECT_EQ(data.schema().inputs(), 3U);
  EXPECT_TRUE(data.notes().empty());
}

TEST(CsvFeatures, NamesMayBeQuotedAndOfAnyText) {
  const Dataset data = read_table("a,b,y\n1,\"x, y\",0\n2,\"say \"\"no\"\"\",1\n3,  x  ,1\n4,\"\n\",0\n5,ü,0\n");
  EXPECT_EQ(data.schema().categories.at(0).names, (Names{"\n", "say \"no\"", "x", "x, y", "ü"}));
}

TEST(CsvFeatures, NumbersAreNamesWhenAskedFor) {
  const Dataset data = read_table("zip,a,y\n10,1,0\n9.0,2,1\n10.0,3,1\nnone at all,4,0\n", {.categorical = {"zip"}});
  EXPECT_EQ(data.schema().categories.at(0).names, (Names{"10", "9", "none at all"}));
  EXPECT_EQ(column_of(data, 0), (std::vector<float>{0, 1, 0, 2}));
}

TEST(CsvFeatures, TextAmongNumbersIsAMistake) {
  EXPECT_EQ(table_error("a,b,y\n1,5,0\n2,oops,1\n"),
            "t.csv:3:2 ('b'): 'oops' is text in a column of numbers; if its values are names, set `categorical` = 2");
  // A line of units below the header.
  EXPECT_EQ(table_error("a,b,y\n1,[cm],0\n2,5,1\n3,6,1\n"),
            "t.csv:2:2 ('b'): '[cm]' is text in a column of numbers; if its values are names, set `categorical` = 2");
  // The same where there are too many numbers to be names.
  std::string text = "a,b,y\n1,[cm],0\n";
  for (int i = 0; i < 300; ++i) text += fmt::format("1,{},1\n", i);
  EXPECT_TRUE(contains(table_error(text), "t.csv:2:2 ('b'): '[cm]' is text in a column of numbers"));
  EXPECT_TRUE(contains(table_error("a,b,y\n1,\"1,5\",0\n"), "decimal comma"));
}

TEST(CsvFeatures, AFirstValueMayBeMissing) {
  const Dataset data = read_table("a,b,y\n1,,0\n2,NA,1\n3,red,1\n");
  EXPECT_EQ(data.schema().categories.at(0).names, Names{"red"});
  EXPECT_TRUE(std::isnan(column_of(data, 1)[0]));
  EXPECT_EQ(column_of(data, 1)[2], 0.0F);
  EXPECT_TRUE(contains(table_error("a,b,y\n1,,0\n2,5,1\n3,red,1\n"), "t.csv:4:2 ('b'): 'red' is text"));
}

TEST(CsvFeatures, DatesAreRefusedWithAdvice) {
  const std::string text = "when,y\n2026-11-25,0\n2026-11-26,1\n";
  EXPECT_TRUE(contains(table_error(text), "t.csv:2:1 ('when'): '2026-11-25' is a date or time"));
  EXPECT_TRUE(contains(table_error(text), "`ignore` = 1"));
  EXPECT_TRUE(contains(table_error("when,a,y\nnever,1,0\n14:30,2,1\n"), "t.csv:3:1 ('when'): '14:30' is a date or time"));
  EXPECT_EQ(read_table(text, {.categorical = {"when"}}).schema().categories.at(0).names.size(), 2U);
}

TEST(CsvFeatures, ManyNamesAreHashed) {
  std::string text = "a,id,y\n";
  for (int i = 0; i < 50; ++i) text += fmt::format("{},n{},{}\n", i, i % 9, i % 2);
  const Dataset hashed = read_table(text, {.most_categories = 8});
  ASSERT_EQ(hashed.schema().categories.at(0), (Categories{1, {}, 8}));
  EXPECT_TRUE(has_note(hashed, "column 2 ('id') has more than 8 names"));
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(column_of(hashed, 1)[static_cast<std::size_t>(i)],
              static_cast<float>(internal::bucket_of(fmt::format("n{}", i % 9), 8)));
  EXPECT_EQ(read_table(text, {.most_categories = 9}).schema().categories.at(0).names.size(), 9U);
}

// The values of the hash's authors.
TEST(CsvFeatures, TheHashIsFnv1a) {
  EXPECT_EQ(internal::bucket_of("", 1ULL << 32), 0x84222325U);
  EXPECT_EQ(internal::bucket_of("a", 1ULL << 32), 0x8601ec8cU);
  EXPECT_EQ(internal::bucket_of("foobar", 1ULL << 32), 0xf73967e8U);
}

TEST(CsvFeatures, MissingValuesAreToldWhereTheyAreAllowed) {
  const std::string text = "a,b,c,y\n1,x,5,0\n,y,6,1\nnan,?,7,1\n";
  EXPECT_TRUE(contains(table_error(text), "t.csv:3:1 ('a'): a missing value"));
  const Dataset data = read_table(text).with_missing(Missing::indicator);
  EXPECT_EQ(read_table(text).schema().missing, Missing::error);
  EXPECT_EQ(data.first_missing(), "t.csv:3:1 ('a'): a missing value (the field is empty)");
  EXPECT_EQ(data.split(0.4, 1).first.schema(), data.schema());
  EXPECT_TRUE(has_note(data, "missing values: 2 in column 1 ('a'), 1 in column 2 ('b')"));
  EXPECT_EQ(data.schema().indicators, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(data.schema().inputs(), 1U + 1U + 2U + 1U + 1U);
  EXPECT_TRUE(data.with_missing(Missing::mean).schema().indicators.empty());
  EXPECT_EQ(data.with_missing(Missing::mean).with_missing(Missing::indicator).schema(), data.schema());
  EXPECT_FALSE(read_table("a,y\n1,0\n2,1\n").first_missing());
  EXPECT_TRUE(contains(table_error("a,y\n1,0\n2,\n"), "no value may be missing"));
}

TEST(CsvFeatures, QuotedWordsForMissingValuesAreNames) {
  const Dataset data = read_table("a,y\nx,0\n\"NA\",1\nNA,1\n");
  EXPECT_EQ(data.schema().categories.at(0).names, (Names{"NA", "x"}));
  EXPECT_EQ(column_of(data, 0)[1], 0.0F);
  EXPECT_TRUE(std::isnan(column_of(data, 0)[2]));
}

TEST(CsvFeatures, AQuotedWordMayBeTheFirstName) {
  const Dataset data = read_table("a,y\n\"None\",0\n\"Grvl\",1\n\"None\",1\n");
  EXPECT_EQ(data.schema().categories.at(0).names, (Names{"Grvl", "None"}));
  EXPECT_TRUE(contains(table_error("a,y\n\"NA\",0\n5,1\n6,1\n"), "'NA' is text in a column of numbers"));
}

TEST(CsvFeatures, AFirstRowOfTextsIsNoted) {
  std::string text;
  for (int i = 0; i < 12; ++i) text += fmt::format("name{},town{},{}\n", i, i, i % 2 == 0 ? "left" : "right");
  EXPECT_TRUE(has_note(read_table(text), "t.csv: the first row was read as values"));
  EXPECT_FALSE(has_note(read_table(text, {.header = false}), "first row"));
  EXPECT_FALSE(has_note(read_table("1,2,0\n3,4,1\n"), "first row"));
  const DataSchema schema = read_table("colour,size,y\nred,s,0\nblue,s,1\nred,m,0\n").schema();
  EXPECT_TRUE(contains(message_of([&] { match_table("Colour,Size\nred,s\n", schema, Targets::optional); }),
                       "columns that the model needs are missing"));
}

TEST(CsvFeatures, ColumnsMayBeIgnored) {
  const Dataset data = read_table("id,a,when,y\nx1,1,2026-11-25,0\nx2,2,,1\n", {.ignored = {"id", "3"}});
  EXPECT_EQ(data.schema().feature_names, Names{"a"});
  EXPECT_EQ(data.schema().ignored_columns, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(data.schema().target_columns, std::vector<std::size_t>{3});
  EXPECT_EQ(column_of(data, 0), (std::vector<float>{1, 2}));
}

TEST(CsvFeatures, RolesThatContradictEachOther) {
  const auto refusal = [](const DataOptions& options) {
    return message_of<UsageError>([&] { read_table("a,b,y\n1,2,0\n3,4,1\n", options); });
  };
  EXPECT_TRUE(
      contains(refusal({.ignored = {"y"}}), "column 3 ('y') of t.csv cannot be an ignored column: it is the target"));
  EXPECT_TRUE(contains(refusal({.categorical = {"y"}}), "it is the target"));
  EXPECT_TRUE(contains(refusal({.ignored = {"a"}, .categorical = {"a"}}), "it is an ignored column"));
  EXPECT_TRUE(contains(refusal({.ignored = {"c"}}), "an ignored column cannot be 'c': t.csv has no such column"));
  EXPECT_TRUE(contains(refusal({.categorical = {"9"}}), "a categorical column cannot be column 9"));
  EXPECT_TRUE(contains(refusal({.most_categories = 0}), "1 to 65,536"));
}

TEST(CsvFeatures, AHeaderOfNamesAloneIsFound) {
  const std::string rows = "p,x,s\ne,x,y\ne,b,s\np,x,s\n";
  EXPECT_EQ(read_table("class,cap,odor\n" + rows).schema().feature_names, (Names{"class", "cap"}));
  // The first row's own values come again below.
  EXPECT_TRUE(read_table(rows + rows).schema().feature_names.empty());
}

TEST(CsvFeatures, AModelsNamesAreFoundAgain) {
  const DataSchema schema = read_table("a,colour,y\n1,red,0\n2,blue,1\n").with_missing(Missing::median).schema();
  const Dataset data = match_table("colour,a\nblue,1\ngreen,2\n,3\nred,\n", schema, Targets::optional);
  EXPECT_EQ(column_of(data, 1)[0], 0.0F);
  EXPECT_EQ(column_of(data, 1)[1], -1.0F);
  EXPECT_TRUE(std::isnan(column_of(data, 1)[2]));
  EXPECT_TRUE(std::isnan(column_of(data, 0)[3]));
  EXPECT_TRUE(has_note(data, "1 name of column 1 ('colour') is unknown to the model, such as 'green' in line 3"));
  EXPECT_EQ(data.schema(), schema);
}

TEST(CsvFeatures, TextIsRefusedWhereTheModelHasNumbers) {
  const DataSchema schema = read_table("a,colour,y\n1,red,0\n2,blue,1\n").schema();
  const auto error = [&](std::string_view text) {
    return message_of([&] { match_table(text, schema, Targets::optional); });
  };
  EXPECT_TRUE(contains(error("a,colour\nx,red\n"), "t.csv:2:1 ('a'): 'x' is text in a column of numbers"));
}

TEST(CsvFeatures, ATableForAModelKeepsItsMissingValues) {
  const DataSchema schema = read_table("a,colour,y\n1,red,0\n2,blue,1\n").schema();
  const Dataset data = match_table("a,colour\n1,red\n2,\n,blue\n", schema, Targets::optional);
  EXPECT_EQ(data.first_missing(), "t.csv:3:2 ('colour'): a missing value (the field is empty)");
  EXPECT_EQ(data.with_missing(Missing::indicator).schema().indicators, (std::vector<std::size_t>{0, 1}));
}

TEST(CsvFeatures, TheModelsOwnNamesAreAHeader) {
  const DataSchema schema = read_table("a,b,y\nu,v,0\nu,w,1\nu,v,0\n").schema();
  ASSERT_EQ(schema.feature_names, (Names{"a", "b"}));
  EXPECT_EQ(match_table("b,a\nw,u\n", schema, Targets::optional).samples(), 1U);
  EXPECT_EQ(match_table("u,w\nu,v\n", schema, Targets::optional).samples(), 2U);
  EXPECT_EQ(match_table("a,b\nu,v\n", schema, Targets::optional, {.header = false}).samples(), 2U);
}

TEST(CsvFeatures, HashedNamesOfAModel) {
  const DataSchema schema = read_table("a,y\nu,0\nv,1\nw,0\n", {.most_categories = 2}).schema();
  const Dataset data = match_table("a\nw\nnew\n", schema, Targets::optional);
  EXPECT_EQ(column_of(data, 0)[0], static_cast<float>(internal::bucket_of("w", 2)));
  EXPECT_EQ(column_of(data, 0)[1], static_cast<float>(internal::bucket_of("new", 2)));
}

TEST(CsvFeatures, IgnoredColumnsOfATableWithoutAHeader) {
  const DataSchema schema = read_table("7,1,0,9\n8,2,1,9\n", {.target = "3", .ignored = {"1", "4"}}).schema();
  EXPECT_EQ(column_of(match_table("7,5,0,9\n", schema, Targets::required), 0), std::vector<float>{5});
  EXPECT_EQ(column_of(match_table("7,5,9\n", schema, Targets::optional), 0), std::vector<float>{5});
  EXPECT_TRUE(contains(message_of([&] { match_table("5\n", schema, Targets::optional); }),
                       "1 column, and the model needs 1 feature, the 2 columns that training ignored"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] { match_table("7,5,0,9\n", schema, Targets::required, {.target = "4"}); }),
                       "ignored"));
}

/// What is advised can be given as it stands.
TEST(CsvFeatures, AdviceNamesTheColumnThatIsMeant) {
  EXPECT_TRUE(contains(table_error("a,day,y\n1,2026-11-25,0\n"), "(`ignore` = 2)"));
  EXPECT_TRUE(contains(table_error("2,day,y\n1,2026-11-25,0\n", {.header = true}), "(`ignore` = day)"));
  EXPECT_TRUE(contains(table_error("a,2,y\n1,2026-11-25,0\n", {.header = true}), "(`ignore` = 2)"));
}

}  // namespace
}  // namespace gradus
