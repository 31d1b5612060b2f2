// Plans, and how a cursor goes through the epochs of a plan.
#include "training/plan.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "gradus/trainer.hpp"
#include "training/epoch_cursor.hpp"
#include "training/example_data.hpp"

namespace gradus::internal {
namespace {

using testing_support::two_classes;

Plan plan_of(const TrainingOptions& options, std::size_t samples = 50, const NetworkSpec& network = {}) {
  TrainingOptions on_the_cpu = options;
  on_the_cpu.execution.device = Device::cpu();
  return make_plan(network, two_classes(samples), on_the_cpu);
}

TEST(Plan, FoldsPlainDescentIntoTheProducts) {
  EXPECT_FALSE(plan_of({}).has_gradients);
  EXPECT_TRUE(plan_of({.optimizer = {.kind = Optimizer::momentum}}).has_gradients);
  EXPECT_TRUE(plan_of({.optimizer = {.clip_norm = 1.0}}).has_gradients);
  EXPECT_TRUE(plan_of({}, 25000, {.hidden = {300}}).has_gradients) << "a batch that does not fit at once";
}

TEST(Plan, BeginsStepsOfSmallBatchesTogether) {
  EXPECT_EQ(plan_of({.batch_size = 1}).steps_at_once, Plan::kMostStepsAtOnce);
  EXPECT_EQ(plan_of({.batch_size = 512}, 1000).steps_at_once, 8U);
  const Plan large = plan_of({.batch_size = 2000}, 25000, {.hidden = {3000}});
  EXPECT_LT(large.rows, large.batch_size());
  EXPECT_EQ(large.steps_at_once, 1U);
}

TEST(Plan, ShufflesWhereTheOrderMatters) {
  EXPECT_TRUE(plan_of({.batch_size = 10}).shuffles);
  EXPECT_FALSE(plan_of({}).shuffles);
  EXPECT_FALSE(plan_of({.augmentation = {.mixup = 0.2}}).shuffles) << "all samples may be partners";
  EXPECT_TRUE(plan_of({.augmentation = {.mixup = 0.2}}, 25000, {.hidden = {300}}).shuffles);
}

// A model with such names could not be saved: that is said before training, to a program as well as to the command.
TEST(Plan, RefusesNamesThatAreNotUtf8) {
  const std::vector<float> inputs{0.0F, 1.0F, 2.0F};
  const std::vector<std::int32_t> classes{0, 1, 0};
  EXPECT_NO_THROW(Trainer({}, Dataset::classification(inputs, 1, classes, {"a", "b"})));
  EXPECT_NO_THROW(Trainer({}, Dataset::classification(inputs, 1, classes, {"a", "ä"})));
  EXPECT_THROW(Trainer({}, Dataset::classification(inputs, 1, classes, {"a", "\xE4"})), DataError);
}

TEST(Plan, KnowsItsMemory) {
  const Plan plan = plan_of({});
  EXPECT_GT(memory_estimate(plan_of({.optimizer = {.kind = Optimizer::adam}})), memory_estimate(plan));
  EXPECT_NO_THROW(require_memory(plan));
  EXPECT_THROW(require_memory(plan_of({}, 50, {.hidden = {2'000'000, 2'000'000}})), OutOfMemory);
}

TEST(EpochCursor, TakesAnEpochByMinibatches) {
  EpochCursor cursor(plan_of({.batch_size = 8}));
  EXPECT_TRUE(cursor.is_at_end());
  cursor.begin_epoch();
  const auto several = cursor.take(4);
  EXPECT_EQ(several.size, 8U);
  EXPECT_EQ(several.count, 4U);
  const auto rest = cursor.take(100);
  EXPECT_EQ(rest.size, 8U);
  EXPECT_EQ(rest.count, 2U) << "the last one is smaller, and comes by itself";
  EXPECT_FALSE(cursor.is_at_end());
  const auto last = cursor.take(100);
  EXPECT_EQ(last.size, 2U);
  EXPECT_EQ(last.count, 1U);
  EXPECT_TRUE(cursor.is_at_end());
  EXPECT_EQ(cursor.save(), (EpochCursor::State{.epochs = 1, .position = 50, .steps = 7}));
}

TEST(EpochCursor, HasAnotherOrderInEachEpoch) {
  EpochCursor cursor(plan_of({.batch_size = 8, .seed = 5}));
  for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
    cursor.begin_epoch();
    ASSERT_TRUE(cursor.order());
    EXPECT_EQ(cursor.order()->part(), epoch);
    EXPECT_EQ(cursor.order()->seed(), 5U);
    cursor.end_epoch();
    EXPECT_TRUE(cursor.is_at_end());
  }
  EXPECT_FALSE(EpochCursor(plan_of({})).order()) << "a full batch has none";
}

}  // namespace
}  // namespace gradus::internal
