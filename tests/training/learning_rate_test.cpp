// The learning rate along a run, against PyTorch's schedulers and by hand.
#include "training/learning_rate.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "reference/golden.hpp"

namespace gradus::internal {
namespace {

LearningRate learning_rate(const std::string& schedule, double rate, std::size_t epochs, std::size_t steps_per_epoch,
                           std::size_t warmup = 0) {
  TrainingOptions options;
  options.optimizer.learning_rate = rate;
  options.epochs = epochs;
  options.schedule = Schedule::parse(schedule);
  options.warmup_epochs = warmup;
  return {options, steps_per_epoch};
}

TEST(LearningRate, FollowsPyTorchsSchedulers) {
  const auto schedules = reference::load_golden_schedules();
  ASSERT_FALSE(schedules.empty());
  for (const reference::GoldenSchedule& golden : schedules) {
    SCOPED_TRACE(golden.schedule);
    const LearningRate rate = learning_rate(golden.schedule, golden.learning_rate, golden.epochs, golden.steps_per_epoch);
    ASSERT_EQ(golden.rates.size(), golden.epochs * golden.steps_per_epoch);
    for (std::size_t step = 0; step < golden.rates.size(); ++step)
      EXPECT_NEAR(rate.at(step), golden.rates[step], 1e-12 * golden.learning_rate) << "step " << step;
  }
}

TEST(LearningRate, WarmsUpStepByStepBeforeTheScheduleBegins) {
  const LearningRate rate = learning_rate("step:2:0.5", 0.8, 6, 4, 1);
  EXPECT_DOUBLE_EQ(rate.at(0), 0.2);
  EXPECT_DOUBLE_EQ(rate.at(1), 0.4);
  EXPECT_DOUBLE_EQ(rate.at(3), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(4), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(4 + 7), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(4 + 8), 0.4);
  const LearningRate cosine = learning_rate("cosine", 1.0, 3, 2, 1);
  EXPECT_DOUBLE_EQ(cosine.at(2), 1.0);
  EXPECT_NEAR(cosine.at(2 + 2), 0.5, 1e-15) << "half of the four steps that are left";
}

/// Single steps may go beyond the run that the options speak of.
TEST(LearningRate, StaysAtItsEnd) {
  for (const char* schedule : {"cosine", "one-cycle"}) {
    const LearningRate rate = learning_rate(schedule, 1.0, 2, 3);
    for (std::size_t step = 6; step < 100; step += 7) {
      EXPECT_GE(rate.at(step), 0.0);
      EXPECT_LE(rate.at(step), 0.2);
    }
  }
  EXPECT_TRUE(std::isfinite(learning_rate("one-cycle", 1.0, 1, 1).at(0)));
}

/// Steps count through all runs, and a schedule from the beginning of its run.
TEST(LearningRate, BeginsAnewWithARun) {
  LearningRate rate = learning_rate("exponential:0.5", 1.0, 3, 2, 1);
  rate.begin(7);
  EXPECT_DOUBLE_EQ(rate.at(7), 0.5) << "the warm-up";
  EXPECT_DOUBLE_EQ(rate.at(7 + 2), 1.0);
  EXPECT_DOUBLE_EQ(rate.at(7 + 4), 0.5);
}

TEST(LearningRate, FallsOnAPlateau) {
  LearningRate rate = learning_rate("plateau:2:0.5", 1.0, 100, 1);
  const auto after = [&](std::initializer_list<double> costs) {
    for (const double cost : costs) rate.end_epoch(cost);
    return rate.at(17);
  };
  EXPECT_EQ(after({5.0, 4.0, 4.0, 4.5}), 1.0) << "two epochs without progress are allowed";
  EXPECT_EQ(after({4.0}), 0.5) << "three are not";
  EXPECT_EQ(after({3.9, 3.9, 3.9}), 0.5) << "counting begins again with progress";
  EXPECT_EQ(after({3.9}), 0.25);
  EXPECT_EQ(after({3.9, 3.9}), 0.25) << "and after the rate has fallen";
  EXPECT_EQ(after({3.9}), 0.125);
  rate.begin(18);
  EXPECT_EQ(rate.at(18), 1.0);
}

TEST(Schedule, IsWrittenAsItIsRead) {
  for (const char* text : {"constant", "cosine", "one-cycle", "step:3:0.5", "exponential:0.9", "plateau:4:0.2"})
    EXPECT_EQ(Schedule::parse(text).to_string(), text);
  EXPECT_EQ(Schedule::parse("step:7").to_string(), "step:7:0.1");
  EXPECT_EQ(Schedule::parse("plateau").to_string(), "plateau:10:0.1");
  EXPECT_EQ(Schedule::parse("plateau:3").to_string(), "plateau:3:0.1");
}

TEST(Schedule, RefusesOthers) {
  for (const char* text : {"", "steps", "step", "step:", "step:0", "step:-1", "step:2:0", "step:2:1", "step:2:x",
                           "step:2:0.5:1", "exponential", "exponential:1.5", "exponential:nan", "cosine:3",
                           "constant:", "plateau:x", "plateau:3:0.5:", "step:99999999999999999999"})
    EXPECT_THROW(static_cast<void>(Schedule::parse(text)), UsageError) << text;
}

}  // namespace
}  // namespace gradus::internal
