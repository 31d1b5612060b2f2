#include "report/prediction_table.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace gradus::report {
namespace {

std::string csv(const PredictionTable& table) {
  std::string text;
  write_csv(table, [&text](std::string_view part) { text += part; });
  return text;
}

std::string json(const PredictionTable& table) {
  std::string text;
  write_json(table, [&text](std::string_view part) { text += part; });
  return text;
}

DataSchema schema_of(Task task, std::size_t targets) {
  DataSchema schema;
  schema.task = task;
  schema.targets = targets;
  return schema;
}

const Predictions kTwoSamples{.samples = 2, .outputs = 2, .values = {0.75F, 0.25F, 0.1F, 0.9F}, .classes = {0, 1}};

TEST(PredictionTable, Classes) {
  DataSchema schema = schema_of(Task::classification, 1);
  schema.class_names = {"plain", "a, \"b\" "};
  const PredictionTable table(kTwoSamples, schema, false);
  EXPECT_EQ(csv(table), "prediction\nplain\n\"a, \"\"b\"\" \"\n");
  EXPECT_EQ(json(table), R"({"task":"classification","samples":2,"predictions":["plain","a, \"b\" "]})"
                         "\n");
  const PredictionTable with_scores(kTwoSamples, schema, true);
  EXPECT_EQ(csv(with_scores),
            "prediction,score_plain,\"score_a, \"\"b\"\" \"\nplain,0.75,0.25\n\"a, \"\"b\"\" \",0.1,0.9\n");
  EXPECT_EQ(json(with_scores), R"({"task":"classification","samples":2,"predictions":["plain","a, \"b\" "],)"
                               R"("class_names":["plain","a, \"b\" "],"scores":[[0.75,0.25],[0.1,0.9]]})"
                               "\n");
}

TEST(PredictionTable, Labels) {
  DataSchema schema = schema_of(Task::multi_label, 2);
  EXPECT_EQ(csv(PredictionTable(kTwoSamples, schema, true)),
            "prediction_1,prediction_2,score_1,score_2\n1,0,0.75,0.25\n0,1,0.1,0.9\n");
  schema.target_names = {"red", "blue"};
  EXPECT_EQ(csv(PredictionTable(kTwoSamples, schema, true)), "red,blue,score_red,score_blue\n1,0,0.75,0.25\n0,1,0.1,0.9\n");
  EXPECT_EQ(json(PredictionTable(kTwoSamples, schema, true)),
            R"({"task":"multi-label","samples":2,"predictions":[[1,0],[0,1]],"label_names":["red","blue"],)"
            R"("scores":[[0.75,0.25],[0.1,0.9]]})"
            "\n");
}

TEST(PredictionTable, Numbers) {
  const DataSchema two = schema_of(Task::regression, 2);
  EXPECT_EQ(csv(PredictionTable(kTwoSamples, two, false)), "prediction_1,prediction_2\n0.75,0.25\n0.1,0.9\n");
  EXPECT_EQ(json(PredictionTable(kTwoSamples, two, false)),
            "{\"task\":\"regression\",\"samples\":2,\"predictions\":[[0.75,0.25],[0.1,0.9]]}\n");
  const Predictions one_each{
      .samples = 2, .outputs = 1, .values = {1.5F, std::numeric_limits<float>::quiet_NaN()}, .classes = {}};
  const DataSchema one = schema_of(Task::regression, 1);
  EXPECT_EQ(csv(PredictionTable(one_each, one, false)), "prediction\n1.5\nnan\n");
  EXPECT_EQ(json(PredictionTable(one_each, one, false)),
            "{\"task\":\"regression\",\"samples\":2,\"predictions\":[1.5,null]}\n");
}

}  // namespace
}  // namespace gradus::report
