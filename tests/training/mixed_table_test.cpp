// Training and prediction on tables with names and missing values.

#include "training/mixed_table.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "gradus/trainer.hpp"

namespace gradus {
namespace {

using namespace testing_support;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

TrainingOptions quick(Normalization normalization = Normalization::automatic) {
  TrainingOptions options;
  options.batch_size = 16;
  options.epochs = 60;
  options.optimizer.kind = Optimizer::adam;
  options.optimizer.learning_rate = 0.02;
  options.preprocessing.normalization = normalization;
  options.preprocessing.missing = Missing::indicator;
  return options;
}

TEST(MixedTable, IsLearnt) {
  for (const Missing missing : {Missing::mean, Missing::most_frequent, Missing::indicator})
    for (const Normalization normalization : {Normalization::automatic, Normalization::minmax, Normalization::quantile}) {
      const auto [train, test] = mixed_data(400).split(0.25, 1);
      TrainingOptions options = quick(normalization);
      options.preprocessing.missing = missing;
      Trainer trainer({.hidden = {16}}, train, options);
      EXPECT_EQ(trainer.network().inputs, missing == Missing::indicator ? 7U : 5U);
      EXPECT_GT(trainer.fit(test).test->accuracy, 0.8) << name(missing) << ' ' << name(normalization);
    }
}

TEST(MixedTable, MissingValuesAreRefusedUnlessSomethingReplacesThem) {
  const Dataset data = read_table("a,b,y\n1,u,0\n2,,1\n,v,1\n");
  const std::string where = "t.csv:3:2 ('b'): a missing value (the field is empty)";
  EXPECT_EQ(message_of([&] { Trainer({.hidden = {4}}, data); }),
            where + "; choose what replaces missing values, such as `missing` = median, or remove such rows");
  Trainer complete({.hidden = {4}}, read_table("a,b,y\n1,u,0\n2,v,1\n"), {.epochs = 1});
  const std::string without = where + "; the model was trained without missing values";
  EXPECT_EQ(message_of([&] { complete.fit(data); }), without);
  complete.fit();
  EXPECT_EQ(message_of([&] { static_cast<void>(complete.model().predict(data)); }), without);
  Trainer trainer({.hidden = {4}}, data, {.epochs = 1, .preprocessing = {.missing = Missing::median}});
  EXPECT_EQ(trainer.model().schema().missing, Missing::median);
}

TEST(MixedTable, ARegressionKeepsTargetsBesideTheirSamples) {
  // y is 1,000 for one name and 3,000 for the other: with inputs and targets in different orders a network could not learn
  // it.
  std::string text = "name,y\n";
  for (int i = 0; i < 60; ++i) text += i * i % 7 < 3 ? "a,1000.5\n" : "b,3000.5\n";
  const auto [train, test] = read_table(text).split(0.3, 2);
  Trainer trainer({.hidden = {}}, train, {.optimizer = {.learning_rate = 0.3}, .epochs = 400});
  EXPECT_LT(trainer.fit(test).test->rmse, 1.0);
}

TEST(MixedTable, TheSameRunGivesTheSameBits) {
  const Dataset data = mixed_data(100);
  const auto train = [&] {
    Trainer trainer({.hidden = {8}}, data, quick());
    trainer.fit();
    return trainer.model().predict(data).values;
  };
  EXPECT_EQ(train(), train());
}

TEST(MixedTable, AModelPredictsFromTablesAndFromValues) {
  Trainer trainer({.hidden = {8}}, mixed_data(200), quick());
  trainer.fit();
  const Model model = trainer.model();
  const Dataset data = match_table("weight,colour,size\n3,red,20\n4,,30\n5,lilac,\n", model.schema(), Targets::optional);
  const std::vector<float> values{20, 2, 3, 30, kNaN, 4, kNaN, -1, 5};
  EXPECT_EQ(model.predict(data).values, model.predict(values).values);
  EXPECT_EQ(model.predict(data).samples, 3U);
}

TEST(MixedTable, ValuesThatCannotBeAreRefused) {
  Trainer trainer({.hidden = {4}}, mixed_data(50), {.epochs = 1, .preprocessing = {.missing = Missing::indicator}});
  trainer.fit();
  const Model model = trainer.model();
  const auto message = [&](const std::vector<float>& values) {
    return message_of([&] { static_cast<void>(model.predict(values)); });
  };
  EXPECT_EQ(message({1, 3, 1}), "feature 1 of sample 0 is 3, and a name is a whole number from 0 to 2, or -1");
  EXPECT_TRUE(contains(message({1, 0.5F, 1}), "a name is a whole number"));
  EXPECT_TRUE(contains(message({1, -2, 1}), "a name is a whole number"));
  EXPECT_TRUE(contains(message({std::numeric_limits<float>::infinity(), 0, 1}), "not a finite number"));
  EXPECT_EQ(message({kNaN, kNaN, kNaN}), "no error");

  Trainer complete({.hidden = {4}}, read_table("a,b,y\n1,u,0\n2,v,1\n"), {.epochs = 1});
  complete.fit();
  const Model strict = complete.model();
  EXPECT_EQ(message_of([&] {
              static_cast<void>(strict.predict(std::vector<float>{kNaN, 0}));
            }),
            "feature 0 of sample 0 is nan, not a finite number");
  // Other names under the same numbers.
  EXPECT_TRUE(contains(message_of([&] { static_cast<void>(strict.predict(read_table("a,b,y\n1,u,0\n2,w,1\n"))); }),
                       "read it with load_matching"));
}

TEST(MixedTable, AValidationPartAndATestPartAreEncodedAlike) {
  const auto [rest, test] = mixed_data(300).split(0.2, 1);
  const auto [train, validation] = rest.split(0.2, 1);
  Trainer trainer({.hidden = {8}}, train, quick());
  const TrainingResult result = trainer.fit({.validation = validation, .test = test});
  const Model model = trainer.model();
  EXPECT_EQ(result.validation->correct, model.evaluate(validation).correct);
  EXPECT_EQ(result.test->correct, model.evaluate(test).correct);
  EXPECT_EQ(result.train.correct, model.evaluate(train).correct);
}

}  // namespace
}  // namespace gradus
