// Several targets: numbers and labels, in tables and arrays.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/temporary_folder.hpp"
#include "data/data_testing.hpp"
#include "gradus/loading.hpp"

namespace gradus {
namespace {

using testing_support::contains;
using testing_support::inputs_of;
using testing_support::match_table;
using testing_support::message_of;
using testing_support::read_table;
using testing_support::table_error;
using testing_support::targets_of;
using Values = std::vector<float>;
using Names = std::vector<std::string>;
using Columns = std::vector<std::size_t>;

const std::string kNumbers = "a,y,b,z\n1,10,2,0.5\n3,20,4,1.5\n";
const std::string kLabels = "a,hot,wet,b\n1,0,1,2\n3,1,1,4\n5,0,0,6\n";

TEST(SeveralTargets, AreNumbersInTheOrderThatIsAskedFor) {
  const Dataset data = read_table(kNumbers, {.target = "z,y"});
  EXPECT_EQ(data.task(), Task::regression);
  EXPECT_EQ(data.schema().targets, 2U);
  EXPECT_EQ(data.schema().target_names, (Names{"z", "y"}));
  EXPECT_EQ(data.schema().target_columns, (Columns{3, 1}));
  EXPECT_EQ(data.schema().feature_names, (Names{"a", "b"}));
  EXPECT_EQ(inputs_of(data, 1), (Values{3, 4}));
  EXPECT_EQ(targets_of(data), (Values{0.5F, 10, 1.5F, 20}));
  EXPECT_EQ(targets_of(read_table(kNumbers, {.target = "2,4"})), (Values{10, 0.5F, 20, 1.5F}));
}

TEST(SeveralTargets, AreLabelsWhereAllAreZeroOrOne) {
  const Dataset data = read_table(kLabels, {.target = "hot,wet"});
  EXPECT_EQ(data.task(), Task::multi_label);
  EXPECT_EQ(data.schema().outputs(), 2U);
  EXPECT_TRUE(data.schema().class_names.empty());
  EXPECT_EQ(targets_of(data), (Values{0, 1, 1, 1, 0, 0}));
  EXPECT_EQ(read_table(kLabels, {.target = "hot,wet", .task = Task::regression}).task(), Task::regression);
  // One label, where it is asked for.
  const Dataset one = read_table(kLabels, {.target = "wet", .task = Task::multi_label});
  EXPECT_EQ(one.task(), Task::multi_label);
  EXPECT_EQ(targets_of(one), (Values{1, 1, 0}));
  EXPECT_EQ(read_table(kLabels, {.target = "wet"}).task(), Task::classification);
}

TEST(SeveralTargets, ThatCannotBe) {
  EXPECT_EQ(table_error("a,y,z\n1,0,1\n2,1,two\n", {.target = "y,z"}),
            "t.csv:3:3 ('z'): 'two' is text in a column of numbers; several targets are numbers, or labels that are 0 or 1");
  EXPECT_EQ(table_error("a,y,z\n1,0,1\n2,1,\n", {.target = "y,z"}).substr(0, 15), "t.csv:3:3 ('z')");
  EXPECT_TRUE(contains(table_error("a,y,z\n1,0,1\n2,1,2\n", {.target = "y,z", .task = Task::multi_label}),
                       "t.csv:3:3 ('z'): '2' is not a label; a label is 1 where the sample has it, else 0"));
  const auto usage_error = [](const DataOptions& options) {
    return message_of<UsageError>([&] { read_table(kNumbers, options); });
  };
  EXPECT_TRUE(contains(usage_error({.target = "y,y"}), "column 2 ('y') of t.csv is given twice"));
  EXPECT_TRUE(contains(usage_error({.target = "y,2"}), "given twice"));
  EXPECT_TRUE(contains(usage_error({.target = "y,x"}), "the target cannot be 'x'"));
  EXPECT_TRUE(contains(usage_error({.target = "y,"}), "the target cannot be ''"));
  EXPECT_TRUE(
      contains(usage_error({.target = "y,z", .task = Task::classification}), "2 targets, and a classification has one"));
  EXPECT_TRUE(contains(usage_error({.target = "y,z", .ignored = {"z"}}), "it is a target"));
  EXPECT_TRUE(contains(table_error("a,y,z\n1,0,2026-11-26\n", {.target = "y,z"}), "is a date or time in the target"));
  EXPECT_TRUE(contains(table_error("a,y\n1,2026-11-26\n", {.target = "y", .task = Task::regression}),
                       "is a date or time in the target"));
  EXPECT_TRUE(contains(table_error("a,y,z\n1,0,1\n2,0,1\n", {.target = "y,z"}), "every row has the same labels"));
  EXPECT_TRUE(contains(table_error("y,z\n1,2\n", {.target = "y,z"}), "no feature is left"));
}

/// One wrong value makes the targets numbers instead of labels, which is noted.
TEST(SeveralTargets, ThatAreAlmostLabelsAreNoted) {
  std::string text = "a,y,z\n";
  for (int i = 0; i < 100; ++i) text += "1," + std::to_string(i % 2) + "," + (i == 70 ? "2" : "1") + "\n";
  const Dataset data = read_table(text, {.target = "y,z"});
  EXPECT_EQ(data.task(), Task::regression);
  ASSERT_EQ(data.notes().size(), 1U);
  EXPECT_TRUE(contains(data.notes().front(), "all but 1 of 200 target values are 0 or 1 (first exception: line 72)"));
  EXPECT_TRUE(read_table(kNumbers, {.target = "y,z"}).notes().empty());
}

/// A schema that training never makes may come from a program.
TEST(SeveralTargets, OfAnImpossibleSchemaAreRefused) {
  const DataSchema good = read_table(kNumbers, {.target = "z,y"}).schema();
  const auto refused = [&](auto change) {
    DataSchema schema = good;
    change(schema);
    return message_of<UsageError>([&] { match_table("1,2,3,4\n", schema, Targets::optional); });
  };
  EXPECT_EQ(refused([](DataSchema&) {}), "no error");
  EXPECT_TRUE(contains(refused([](DataSchema& schema) { schema.target_columns = {3, 50}; }), "the schema is not valid"));
  EXPECT_TRUE(contains(refused([](DataSchema& schema) { schema.target_columns = {3, 3}; }), "not columns of its table"));
  EXPECT_TRUE(contains(refused([](DataSchema& schema) { schema.target_names = {"y", "y"}; }), "the same name"));
  EXPECT_TRUE(contains(refused([](DataSchema& schema) {
                         schema.target_columns = {0};
                         schema.ignored_columns = {1};
                       }),
                       "the columns that it ignores"));
}

/// A name wins over a list, as it does over a number.
TEST(SeveralTargets, ANameWithACommaIsOneColumn) {
  EXPECT_EQ(read_table("a,\"b,a\"\n1,0\n2,1\n", {.target = "b,a"}).schema().target_names, Names{"b,a"});
}

TEST(SeveralTargets, AreReadAcrossBuffers) {
  std::string text = "a,y,z\n";
  Values expected;
  for (int i = 0; i < 50; ++i) {
    text += "1," + std::to_string(i) + ".25,\"" + std::to_string(2 * i) + "\"\n";
    expected.insert(expected.end(), {static_cast<float>(2 * i), static_cast<float>(i) + 0.25F});
  }
  for (const std::size_t size : {1, 3, 7, 64}) {
    internal::CsvLimits limits;
    limits.buffer_size = size;
    limits.sample_size = 1;
    EXPECT_EQ(targets_of(read_table(text, {.target = "z,y", .header = true, .delimiter = ','}, limits)), expected);
  }
}

TEST(SeveralTargets, AreMatchedByName) {
  const DataSchema schema = read_table(kNumbers, {.target = "z,y"}).schema();
  const Dataset data = match_table("y,b,z,a\n7,2,8,1\n", schema, Targets::required);
  EXPECT_EQ(targets_of(data), (Values{8, 7}));
  EXPECT_EQ(inputs_of(data, 0), (Values{1, 2}));
  EXPECT_TRUE(data.notes().empty());
  const Dataset without = match_table("b,y,a\n2,7,1\n", schema, Targets::optional);
  EXPECT_FALSE(without.has_targets());
  EXPECT_TRUE(without.notes().empty()) << "a target is not an ignored column";
  EXPECT_TRUE(contains(message_of([&] { match_table("b,y,a\n2,7,1\n", schema, Targets::required); }), "'z'"));
  EXPECT_EQ(targets_of(match_table("a,b,p,q\n1,2,3,4\n", schema, Targets::required, {.target = "q,p"})), (Values{4, 3}));
  EXPECT_EQ(targets_of(match_table("a,y,b,z\n1,7,2,8\n", schema, Targets::required, {.target = "y,z"})), (Values{8, 7}))
      << "its own names mean themselves";
  EXPECT_TRUE(contains(
      message_of<UsageError>([&] { match_table("a,b,p,q\n1,2,3,4\n", schema, Targets::required, {.target = "q"}); }),
      "'q' does not name the model's 2 targets"));
}

TEST(SeveralTargets, AreMatchedByPosition) {
  const DataSchema schema = read_table("1,10,2,0,9\n3,20,4,1,9\n", {.target = "4,2", .ignored = {"5"}}).schema();
  const Dataset data = match_table("5,6,7,8,0\n", schema, Targets::required);
  EXPECT_EQ(targets_of(data), (Values{8, 6}));
  EXPECT_EQ(inputs_of(data, 0), (Values{5, 7}));
  const Dataset without = match_table("5,7,0\n", schema, Targets::optional);
  EXPECT_EQ(inputs_of(without, 0), (Values{5, 7}));
  EXPECT_TRUE(
      contains(message_of([&] { match_table("5,6,7,0\n", schema, Targets::optional); }), "with or without 2 targets"));
  EXPECT_TRUE(contains(message_of([&] { match_table("5,7,0\n", schema, Targets::required); }), "the target is missing"));
}

TEST(SeveralTargets, LabelsMatchLabelsOnly) {
  const DataSchema schema = read_table(kLabels, {.target = "hot,wet"}).schema();
  EXPECT_EQ(targets_of(match_table("a,hot,wet,b\n1,1,0,2\n", schema, Targets::required)), (Values{1, 0}));
  EXPECT_TRUE(
      contains(message_of([&] { match_table("a,hot,wet,b\n1,1,3,2\n", schema, Targets::required); }), "not a label"));
}

TEST(SeveralTargets, OfArraysInMemory) {
  const std::vector<std::uint8_t> labels{0, 1, 1, 1, 0, 0};
  const Dataset data = Dataset::multi_label(Values{1, 2, 3}, 1, labels, 2, {"hot", "wet"});
  EXPECT_EQ(data.task(), Task::multi_label);
  EXPECT_EQ(data.samples(), 3U);
  EXPECT_EQ(targets_of(data), (Values{0, 1, 1, 1, 0, 0}));
  EXPECT_EQ(data.schema().target_names, (Names{"hot", "wet"}));
  EXPECT_EQ(data.split(0.34, 0).second.task(), Task::multi_label);
  EXPECT_TRUE(contains(message_of<UsageError>([&] { static_cast<void>(data.class_index(0)); }), "multi-label"));
  const std::vector<std::uint8_t> wrong{0, 1, 2, 1, 0, 0};
  EXPECT_TRUE(contains(message_of([&] { Dataset::multi_label(Values{1, 2, 3}, 1, wrong, 2); }), "sample 1"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] {
                         Dataset::multi_label(Values{1, 2, 3}, 1, labels, 2, {"hot"});
                       }),
                       "1 names for 2"));
  EXPECT_TRUE(contains(message_of<UsageError>([&] {
                         Dataset::multi_label(Values{1, 2, 3}, 1, labels, 0);
                       }),
                       "at least one target"));
}

}  // namespace
}  // namespace gradus
