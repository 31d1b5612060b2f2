#include "report/data_report.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "report/columns_text.hpp"
#include "report/render.hpp"

namespace gradus::report {
namespace {

TEST(DataReport, HasStatisticsOfTheTrainingSet) {
  const std::vector<float> inputs{1.0F, 10.0F, 3.0F, 10.0F};
  const Dataset train = Dataset::classification(inputs, 2, std::vector<std::int32_t>{0, 1}, {"no", "yes"});
  const Report report = data_report({train, train});
  const std::string text = as_text(report);
  EXPECT_NE(text.find("samples   2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("and 2 in the test set\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  1                   1             2             3             1\n"), std::string::npos) << text;
  const Json json = as_json(report);
  EXPECT_EQ(json["kind"], "data");
  EXPECT_EQ(json["test_samples"], 2);
  EXPECT_EQ(json["features"][0]["mean"], 2.0);
  EXPECT_EQ(json["features"][1]["standard_deviation"], 0.0);
  EXPECT_EQ(to_text(json["classes"]), R"([{"name":"no","samples":1},{"name":"yes","samples":1}])");
}

TEST(ColumnsText, NamesWhatIsNotAPlainNumber) {
  DataSchema schema;
  schema.features = 3;
  EXPECT_EQ(describe_columns(schema), "");
  schema.feature_names = {"age", "sex", "port"};
  schema.categories = {{.feature = 1, .names = {"f", "m"}}, {.feature = 2, .names = {}, .buckets = 8}};
  EXPECT_EQ(describe_columns(schema), "11: 1 number, 2 features of names (sex 2, port hashed to 8)");
}

TEST(ColumnsText, NamesEndWithTheLast) {
  EXPECT_EQ(describe_names({"a", "b", "c"}), "a, b, c");
  std::vector<std::string> many;
  for (int i = 0; i < 100; ++i) many.push_back("name" + std::to_string(i));
  const std::string text = describe_names(many);
  EXPECT_EQ(text.substr(0, 14), "name0, name1, ");
  EXPECT_EQ(text.substr(text.size() - 12), ", … name99") << text;
}

}  // namespace
}  // namespace gradus::report
