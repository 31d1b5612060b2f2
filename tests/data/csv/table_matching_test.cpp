#include <string>

#include <gtest/gtest.h>

#include "data/data_testing.hpp"
#include "data/dataset/access.hpp"

namespace gradus {
namespace {

using testing_support::contains;
using testing_support::inputs_of;
using testing_support::labels_of;
using testing_support::match_table;
using testing_support::message_of;
using testing_support::read_table;
using testing_support::targets_of;
using Values = std::vector<float>;
using Labels = std::vector<std::int32_t>;
using Names = std::vector<std::string>;

DataSchema classes() {
  return read_table("a,b,kind\n1,2,cat\n3,4,dog\n5,6,eel\n").schema();
}

DataSchema numbers() {
  return read_table("a,b,y\n1,2,0.5\n3,4,1.5\n").schema();
}

std::string error(std::string_view text, const DataSchema& schema, Targets targets, const DataOptions& options = {}) {
  return message_of([&] { match_table(text, schema, targets, options); });
}

TEST(TableMatching, ByNameInAnyOrder) {
  const Dataset data = match_table("kind,b,a\neel,2,1\ncat,4,3\n", classes(), Targets::required);
  EXPECT_EQ(inputs_of(data, 0), (Values{1, 2}));
  EXPECT_EQ(inputs_of(data, 1), (Values{3, 4}));
  EXPECT_EQ(labels_of(data), (Labels{2, 0}));
  EXPECT_EQ(data.schema(), classes());
  EXPECT_TRUE(data.notes().empty());
  EXPECT_EQ(targets_of(match_table("y,b,a\n7.5,2,1\n", numbers(), Targets::required)), Values{7.5});
}

TEST(TableMatching, MissingColumnsAreNamedTogether) {
  EXPECT_EQ(error("x,b\n1,2\n", classes(), Targets::required),
            "t.csv: 2 columns that the model needs are missing: 'a' and 'kind'");
  EXPECT_EQ(error("x,b\n1,2\n", classes(), Targets::optional), "t.csv: 1 column that the model needs is missing: 'a'");
}

TEST(TableMatching, ExtraColumnsAreIgnoredWithANote) {
  const Dataset data =
      match_table("id,a,note,b,kind\nx1,1,\"free, text\",2,cat\nx2,3,,4,dog\n", classes(), Targets::required);
  EXPECT_EQ(inputs_of(data, 1), (Values{3, 4}));
  EXPECT_EQ(data.notes(), Names{"2 columns of t.csv were ignored: 'id' and 'note'"});
  EXPECT_EQ(internal::storage_of(data).floats.size(), 4U);
}

TEST(TableMatching, WithoutTargets) {
  const Dataset data = match_table("b,a\n2,1\n", classes(), Targets::optional);
  EXPECT_FALSE(data.has_targets());
  EXPECT_EQ(inputs_of(data, 0), (Values{1, 2}));
  EXPECT_TRUE(contains(message_of<UsageError>([&] { return data.class_index(0); }), "this data has no targets"));
}

TEST(TableMatching, PredictionDoesNotLookAtTheTarget) {
  const Dataset data = match_table("a,b,kind\n1,2,unicorn\n3,4,\n5,6,NA\n", classes(), Targets::optional);
  EXPECT_EQ(data.samples(), 3U);
  EXPECT_FALSE(data.has_targets());
  EXPECT_TRUE(data.notes().empty());
  EXPECT_EQ(match_table("1,2,unicorn\n3,4,\n", classes(), Targets::optional).samples(), 2U);
}

TEST(TableMatching, UnknownClasses) {
  EXPECT_EQ(error("a,b,kind\n1,2,cat\n1,2,cow\n", classes(), Targets::required),
            "t.csv:3:3 ('kind'): 'cow' is not one of the model's classes: 'cat', 'dog' and 'eel'");
  EXPECT_EQ(error("a,b,kind\n1,2,\n", classes(), Targets::required),
            "t.csv:2:3 ('kind'): a missing value (the field is empty); no value may be missing");
  EXPECT_EQ(error("a,b,y\n1,2,x\n", numbers(), Targets::required), "t.csv:2:3 ('y'): 'x' is text in a column of numbers");
}

TEST(TableMatching, NumericClassesMatchByValue) {
  const DataSchema schema = read_table("a,y\n1,3\n2,10\n").schema();
  EXPECT_EQ(labels_of(match_table("a,y\n1,10.0\n1,3.0\n1,+3\n1,1e1\n", schema, Targets::required)), (Labels{1, 0, 0, 1}));
}

TEST(TableMatching, OneClassIsEnough) {
  EXPECT_EQ(labels_of(match_table("a,b,kind\n1,2,dog\n", classes(), Targets::required)), Labels{1});
}

TEST(TableMatching, ByPositionWithoutAHeader) {
  const Dataset data = match_table("1,2,cat\n3,4,dog\n", classes(), Targets::required);
  EXPECT_EQ(inputs_of(data, 1), (Values{3, 4}));
  EXPECT_EQ(labels_of(data), (Labels{0, 1}));
  EXPECT_EQ(data.notes(), Names{"t.csv has no header, so its columns were taken in the order of the model's features"});
  EXPECT_FALSE(match_table("1,2\n", classes(), Targets::optional).has_targets());
  EXPECT_EQ(error("1,2\n", classes(), Targets::required),
            "t.csv: 2 columns, as many as the model has features; the target is missing");
  EXPECT_EQ(error("1,2,3,4\n", classes(), Targets::required),
            "t.csv: 4 columns, and the model needs 2 features and a target");
  EXPECT_EQ(error("1\n2\n", classes(), Targets::optional),
            "t.csv: 1 column, and the model needs 2 features, with or without a target (Gradus detects "
            "comma, tab, semicolon and | as delimiters; set another one, such as a space, with `delimiter`)");
}

TEST(TableMatching, ByPositionWithTheTargetWhereItWas) {
  const DataSchema schema = read_table("0,5,6\n1,7,8\n", {.target = "1"}).schema();
  EXPECT_TRUE(schema.feature_names.empty());
  const Dataset data = match_table("1,2,3\n0,4,5\n", schema, Targets::required);
  EXPECT_EQ(inputs_of(data, 0), (Values{2, 3}));
  EXPECT_EQ(labels_of(data), (Labels{1, 0}));
  EXPECT_TRUE(data.notes().empty());
  // A header of names that the model does not know is not an obstacle.
  EXPECT_EQ(labels_of(match_table("y,p,q\n1,2,3\n", schema, Targets::required)), Labels{1});
  // Another place, when asked.
  EXPECT_EQ(labels_of(match_table("2,3,1\n", schema, Targets::required, {.target = "3"})), Labels{1});
}

TEST(TableMatching, AnotherNameOfTheTarget) {
  const Dataset data = match_table("a,b,truth\n1,2,dog\n", classes(), Targets::required, {.target = "truth"});
  EXPECT_EQ(labels_of(data), Labels{1});
  EXPECT_TRUE(
      contains(message_of<UsageError>([] { match_table("a,b\n1,2\n", classes(), Targets::required, {.target = "a"}); }),
               "column 1 ('a') cannot be the target: it is one of the model's features"));
}

TEST(TableMatching, NoRows) {
  EXPECT_EQ(error("a,b,kind\n", classes(), Targets::required),
            "t.csv: no data rows: there is a header and nothing below it");
}

}  // namespace
}  // namespace gradus
