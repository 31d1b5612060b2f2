#include "report/epoch_facts.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "report/render.hpp"

namespace gradus::report {
namespace {

Progress third_of_ten() {
  Progress progress;
  progress.epoch = 3;
  progress.epochs = 10;
  progress.steps = 30;
  progress.train_cost = 0.5;
  progress.learning_rate = 0.001;
  progress.seconds = 2.0;
  progress.samples_per_second = 1'230'000.0;
  progress.seconds_left = 80.0;
  return progress;
}

Evaluation evaluation_of_classes(double cost) {
  Evaluation evaluation;
  evaluation.task = Task::classification;
  evaluation.samples = 4;
  evaluation.correct = 3;
  evaluation.cost = cost;
  evaluation.accuracy = 0.75;
  return evaluation;
}

TEST(EpochFacts, WithoutHeldOutData) {
  const Facts facts = epoch_facts(third_of_ten());
  EXPECT_EQ(as_json_line(facts),
            R"({"epoch":3,"steps":30,"train_cost":0.5,"seconds":2,"samples_per_second":1230000,"learning_rate":0.001})");
  EXPECT_EQ(as_line(facts), "epoch  3/10  cost 0.5000");
}

TEST(EpochFacts, WithHeldOutData) {
  Progress progress = third_of_ten();
  progress.validation = evaluation_of_classes(0.25);
  progress.best = true;
  progress.test = evaluation_of_classes(0.125);
  const Facts facts = epoch_facts(progress);
  EXPECT_EQ(as_json_line(facts),
            R"({"epoch":3,"steps":30,"train_cost":0.5,"seconds":2,"samples_per_second":1230000,"learning_rate":0.001,)"
            R"("validation_cost":0.25,"validation_accuracy":0.75,"best":true,"test_cost":0.125,"test_accuracy":0.75})");
  EXPECT_EQ(as_line(facts),
            "epoch  3/10  cost 0.5000  validation cost 0.2500  validation accuracy 75.00%  test cost 0.1250  test accuracy "
            "75.00%");
  EXPECT_EQ(as_line(epoch_state(progress)), "epoch  3/10  cost 0.5000");
}

// A regression has more metrics than a line has room for; all are in JSON.
TEST(EpochFacts, TheLineHasTwoMetricsOfAPart) {
  Progress progress = third_of_ten();
  Evaluation& test = progress.test.emplace();
  test.task = Task::regression;
  test.cost = 2.0;
  test.rmse = 3.0;
  test.mae = 1.0;
  test.r2 = std::numeric_limits<double>::quiet_NaN();
  const Facts facts = epoch_facts(progress);
  EXPECT_EQ(as_line(facts), "epoch  3/10  cost 0.5000  test cost 2.000  test RMSE 3");
  const Json json = Json::parse(as_json_line(facts));
  EXPECT_EQ(json["test_mae"], 1.0);
  EXPECT_TRUE(json["test_r2"].is_null());
}

TEST(EpochFacts, ACostThatIsNotFiniteIsNull) {
  Progress progress = third_of_ten();
  progress.train_cost = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(Json::parse(as_json_line(epoch_facts(progress)))["train_cost"].is_null());
}

TEST(EpochFacts, NothingIsLeftAfterTheLastEpoch) {
  Progress progress = third_of_ten();
  EXPECT_EQ(describe_pace(progress), "1.23M samples/s  1 min 20 s left");
  progress.epoch = 10;
  EXPECT_EQ(describe_pace(progress), "1.23M samples/s");
}

}  // namespace
}  // namespace gradus::report
