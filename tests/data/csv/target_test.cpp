#include <string>

#include <gtest/gtest.h>

#include "data/data_testing.hpp"

namespace gradus {
namespace {

using testing_support::contains;
using testing_support::inputs_of;
using testing_support::labels_of;
using testing_support::message_of;
using testing_support::read_table;
using testing_support::table_error;
using testing_support::targets_of;
using Labels = std::vector<std::int32_t>;
using Names = std::vector<std::string>;

/// A table of one feature with these targets.
std::string with_targets(const std::vector<std::string>& targets) {
  std::string text = "x,y\n";
  for (const auto& target : targets) text += "1," + target + "\n";
  return text;
}

TEST(CsvTarget, TheLastColumnUnlessAsked) {
  const std::string text = "a,b,c\n1,2,0\n3,4,1\n";
  EXPECT_EQ(read_table(text).schema().target_names, Names{"c"});
  const Dataset by_name = read_table(text, {.target = "a"});
  EXPECT_EQ(by_name.schema().target_names, Names{"a"});
  EXPECT_EQ(by_name.schema().target_columns, std::vector<std::size_t>{0});
  EXPECT_EQ(by_name.schema().feature_names, (Names{"b", "c"}));
  EXPECT_EQ(inputs_of(by_name, 1), (std::vector<float>{4, 1}));
  EXPECT_EQ(by_name.schema().class_names, (Names{"1", "3"}));
  EXPECT_EQ(read_table(text, {.target = "2"}).schema().target_names, Names{"b"});
}

TEST(CsvTarget, ANameWinsOverANumber) {
  EXPECT_EQ(read_table("2,1,x\n5,6,7\n8,9,10\n", {.target = "1", .header = true}).schema().target_columns,
            std::vector<std::size_t>{1});
}

TEST(CsvTarget, UnknownTargets) {
  const auto error = [](const std::string& text, const std::string& target) {
    return message_of<UsageError>([&] { read_table(text, {.target = target}); });
  };
  const std::string text = "length,width,species\n1,2,a\n3,4,b\n";
  EXPECT_EQ(error(text, "specis"),
            "the target cannot be 'specis': t.csv has no such column (did you mean 'species'?); it has 'length', 'width' "
            "and 'species'");
  EXPECT_EQ(error(text, "price"),
            "the target cannot be 'price': t.csv has no such column; it has 'length', 'width' and 'species'");
  EXPECT_EQ(error(text, "4"), "the target cannot be column 4 of t.csv: its columns are 1 to 3");
  EXPECT_EQ(error(text, "0"), "the target cannot be column 0 of t.csv: its columns are 1 to 3");
  EXPECT_EQ(error(text, "99999999999999999999999"),
            "the target cannot be column 99999999999999999999999 of t.csv: its columns are 1 to 3");
  EXPECT_EQ(error("1,2\n3,4\n", "y"), "the target cannot be 'y': t.csv has no header; give a number from 1 to 2");
  EXPECT_EQ(error("1,2\n3,4\n", ""), "the target cannot be '': t.csv has no header; give a number from 1 to 2");
}

TEST(CsvTarget, WholeNumbersAreClassesByValue) {
  const Dataset data = read_table(with_targets({"10", "9", "-1", "9.0", "1e1", "+9", "-0", "0"}));
  EXPECT_EQ(data.task(), Task::classification);
  EXPECT_EQ(data.schema().class_names, (Names{"-1", "0", "9", "10"}));
  EXPECT_EQ(labels_of(data), (Labels{3, 2, 0, 2, 3, 2, 1, 1}));
  EXPECT_EQ(data.schema().outputs(), 4U);
}

TEST(CsvTarget, TextsAreClassesBytewise) {
  const Dataset data = read_table(with_targets({"b", "a", "B", "é", "10", "9", "10.0"}));
  EXPECT_EQ(data.schema().class_names, (Names{"10", "10.0", "9", "B", "a", "b", "é"}));
  EXPECT_EQ(labels_of(data), (Labels{5, 4, 3, 6, 0, 2, 1}));
}

TEST(CsvTarget, AtMostAHundredNumericClasses) {
  std::vector<std::string> targets;
  for (int i = 0; i < 100; ++i) targets.push_back(std::to_string(i));
  EXPECT_EQ(read_table(with_targets(targets)).task(), Task::classification);
  targets.push_back("100");
  const Dataset regression = read_table(with_targets(targets));
  EXPECT_EQ(regression.task(), Task::regression);
  EXPECT_EQ(regression.target(100), 100.0F);
  EXPECT_EQ(regression.schema().outputs(), 1U);
  EXPECT_TRUE(regression.schema().class_names.empty());
  const Dataset forced = read_table(with_targets(targets), {.task = Task::classification});
  EXPECT_EQ(forced.schema().class_names.size(), 101U);
}

TEST(CsvTarget, FractionsAreARegression) {
  const Dataset data = read_table(with_targets({"1", "2.5", "1"}));
  EXPECT_EQ(data.task(), Task::regression);
  EXPECT_EQ(targets_of(data), (std::vector<float>{1, 2.5, 1}));
  const Dataset forced = read_table(with_targets({"1", "2.5", "1", "-0.1"}), {.task = Task::classification});
  EXPECT_EQ(forced.schema().class_names, (Names{"-0.1", "1", "2.5"}));
  EXPECT_EQ(labels_of(forced), (Labels{1, 2, 1, 0}));
}

TEST(CsvTarget, RegressionOfClassesWhenAsked) {
  const Dataset data = read_table(with_targets({"3", "1", "3"}), {.task = Task::regression});
  EXPECT_EQ(targets_of(data), (std::vector<float>{3, 1, 3}));
  EXPECT_EQ(targets_of(read_table(with_targets({"3", "3"}), {.task = Task::regression})), (std::vector<float>{3, 3}));
  EXPECT_EQ(table_error(with_targets({"3", "x", "3"}), {.task = Task::regression}),
            "t.csv:3:2 ('y'): 'x' is text, and a regression needs numbers");
}

TEST(CsvTarget, ATextAmongNumbersToFitIsAMistake) {
  EXPECT_EQ(table_error(with_targets({"3.5", "1.25", "x"})),
            "t.csv:4:2 ('y'): 'x' is text in a target of numbers; set `task` = classification if every value is the name of "
            "a class");
  EXPECT_EQ(read_table(with_targets({"3.5", "1.25", "x"}), {.task = Task::classification}).schema().class_names.size(), 3U);
}

TEST(CsvTarget, OneClassOnly) {
  EXPECT_EQ(table_error(with_targets({"a", "a"})),
            "t.csv: every row has the same class, 'a', in column 2 ('y'): there is nothing to learn");
  EXPECT_EQ(table_error(with_targets({"1", "1.0"})),
            "t.csv: every row has the same class, '1', in column 2 ('y'): there is nothing to learn");
  EXPECT_EQ(table_error("1,2,cat\n"), "t.csv: every row has the same class, 'cat', in column 3: there is nothing to learn");
}

TEST(CsvTarget, OneRowOfARegression) {
  EXPECT_EQ(targets_of(read_table("1,2,3.5\n")), std::vector<float>{3.5});
}

TEST(CsvTarget, WordsForMissingValuesAreNoClasses) {
  EXPECT_EQ(table_error(with_targets({"a", "NA"})), "t.csv:3:2 ('y'): a missing value ('NA'); no value may be missing");
  EXPECT_EQ(table_error(with_targets({"a", "nan"})), "t.csv:3:2 ('y'): 'nan' is not a finite number");
  // Quotes make it a name.
  EXPECT_EQ(read_table(with_targets({"a", "\"NA\""})).schema().class_names, (Names{"NA", "a"}));
  EXPECT_EQ(table_error(with_targets({"\"NA\"", "a", "NA"})),
            "t.csv:4:2 ('y'): a missing value ('NA'); no value may be missing");
  EXPECT_EQ(table_error(with_targets({"a", "\"\""})),
            "t.csv:3:2 ('y'): a missing value (the field is empty); no value may be missing");
  EXPECT_EQ(labels_of(read_table(with_targets({"\"a\"", "a", "\"b\"", "b"}))), (Labels{0, 0, 1, 1}));
}

TEST(CsvTarget, MoreValuesThanClassesMayBe) {
  std::vector<std::string> targets;
  for (int i = 0; i < 70'000; ++i) targets.push_back(std::to_string(i));
  const Dataset data = read_table(with_targets(targets));
  EXPECT_EQ(data.task(), Task::regression);
  ASSERT_EQ(data.samples(), 70'000U);
  for (std::size_t i = 0; i < data.samples(); ++i) ASSERT_EQ(data.target(i), static_cast<float>(i));
  EXPECT_EQ(table_error(with_targets(targets), {.task = Task::classification}),
            "t.csv:65538:2 ('y'): the target has more than 65,536 distinct values, too many for classes");
  auto spoilt = targets;
  spoilt.push_back("x");
  EXPECT_EQ(table_error(with_targets(spoilt)), "t.csv:70002:2 ('y'): 'x' is text in a column of numbers");
  for (auto& target : targets) target += "x";
  EXPECT_EQ(
      table_error(with_targets(targets)),
      "t.csv:65538:2 ('y'): the target has more than 65,536 distinct values, too many for classes, and not all are numbers");
  targets.resize(65'536);
  EXPECT_EQ(read_table(with_targets(targets)).schema().class_names.size(), 65'536U);
}

TEST(CsvTarget, NumbersAreRoundedOnce) {
  // As a double this lies on the middle between two floats; the text does not.
  const Dataset data = read_table(with_targets({"1.00000017881393432617187499", "0.5"}));
  EXPECT_EQ(data.target(0), 1.00000011920928955078125F);
}

TEST(CsvTarget, WholeNumbersThatADoubleSkipsAreNoClasses) {
  const std::vector<std::string> ids{"5", "9007199254740993", "9007199254740992"};
  const std::string wanted =
      "t.csv:3:2 ('y'): '9007199254740993': whole numbers beyond 2^53 are not exact and cannot be classes; give them as "
      "text, "
      "such as 'id9007199254740993', or set `task` = regression";
  EXPECT_EQ(table_error(with_targets(ids)), wanted);
  EXPECT_EQ(table_error(with_targets(ids), {.task = Task::classification}), wanted);
  EXPECT_TRUE(contains(table_error(with_targets({"1", "-9007199254740993"})), "t.csv:3:2 ('y'): '-9007199254740993': "));
  EXPECT_EQ(read_table(with_targets(ids), {.task = Task::regression}).task(), Task::regression);
  EXPECT_EQ(read_table(with_targets({"9007199254740991", "9007199254740990"})).schema().class_names.size(), 2U);
  // Among texts every class is called what the file calls it, and found by that alone.
  const Dataset texts = read_table(with_targets({"9007199254740993", "9007199254740992", "a"}));
  EXPECT_EQ(texts.schema().class_names.size(), 3U);
  const auto match = [&](const std::string& text) {
    return testing_support::match_table("x,y\n1," + text + "\n", texts.schema(), Targets::required);
  };
  EXPECT_EQ(labels_of(match("9007199254740993")), Labels{1});
  EXPECT_TRUE(contains(message_of([&] { match("9007199254740991.9"); }), "is not one of the model's classes"));
}

TEST(CsvTarget, DecimalCommas) {
  EXPECT_EQ(table_error("x;y\n1;1\n0;0,5\n"),
            "t.csv:3:2 ('y'): '0,5' has a decimal comma; Gradus reads numbers with a decimal point");
  EXPECT_EQ(table_error("x;y\n1;1\n0;0,5\n", {.task = Task::regression}),
            "t.csv:3:2 ('y'): '0,5' has a decimal comma; Gradus reads numbers with a decimal point");
  EXPECT_EQ(read_table("x;y\n1;1\n0;0,5\n", {.task = Task::classification}).schema().class_names, (Names{"0,5", "1"}));
}

TEST(CsvTarget, ARegressionNeedsNumbers) {
  std::vector<std::string> targets{"x"};
  for (int i = 0; i < 70'000; ++i) targets.push_back(std::to_string(i));
  EXPECT_EQ(table_error(with_targets(targets), {.task = Task::regression}),
            "t.csv:2:2 ('y'): 'x' is text, and a regression needs numbers");
}

TEST(CsvTarget, DatesAreNoClasses) {
  const std::string dates = "a,day\n1,2026-11-25\n2,2026-11-26\n3,2026-11-27\n";
  EXPECT_TRUE(contains(table_error(dates), "t.csv:2:2 ('day'): '2026-11-25' is a date or time in the target"));
  EXPECT_EQ(read_table(dates, {.task = Task::classification}).schema().class_names.size(), 3U);
  // A class may be called like a date.
  EXPECT_EQ(read_table("a,b\n1,x\n2,2026-11-26\n3,y\n").schema().class_names.size(), 3U);
}

}  // namespace
}  // namespace gradus
