// A training that is saved, and continued by a new session, has the same bits as one that goes on.
#include "training/session.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "backend/backend_under_test.hpp"
#include "gradus/error.hpp"
#include "training/example_data.hpp"

namespace gradus::internal {
namespace {

using testing_support::line_data;
using testing_support::two_classes;

/// The points of two_classes as images of 1 × 2 pixels.
Dataset pixels(std::size_t samples) {
  std::vector<std::uint8_t> values;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < samples; ++i) {
    values.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    values.push_back(static_cast<std::uint8_t>(i * 101 % 256));
    labels.push_back(values.back() > 127 ? 1 : 0);
  }
  return Dataset::classification(values, 2, labels);
}

struct Case {
  std::string name;
  std::function<Dataset(std::size_t)> data;
  TrainingOptions options;
  std::optional<std::size_t> rows = std::nullopt;  // at once; by default the whole batch
};

std::ostream& operator<<(std::ostream& stream, const Case& which) {
  return stream << which.name;
}

class SavedSession : public testing::TestWithParam<Case> {
 protected:
  static constexpr std::size_t kSamples = 43;

  [[nodiscard]] static Plan plan() {
    const Case& which = GetParam();
    TrainingOptions options = which.options;
    options.execution.device = Device::cpu();  // for the plan only: the backends are the tested ones
    options.epochs = 6;
    Plan plan = make_plan({.hidden = {9, 4}, .activation = Activation::tanh}, which.data(kSamples), options);
    if (!which.rows) return plan;
    plan.rows = *which.rows;
    plan.steps_at_once = 1;
    plan.has_gradients = true;
    plan.shuffles = plan.shuffles || options.augmentation.mixup > 0.0;
    return plan;
  }

  /// Trains to the end of this many more epochs, and returns the sum of the loss over all samples since the last call.
  static double train(Session& session, std::size_t epochs) {
    const std::size_t last = session.cursor.epochs() + epochs;
    while (session.cursor.epochs() < last || !session.cursor.is_at_end()) session.take_steps(session.plan.steps_at_once);
    return session.learner.take_cost();
  }
};

TEST_P(SavedSession, ContinuesBitForBit) {
  for (const BackendUnderTest& tested : backends()) {
    SCOPED_TRACE(tested.name);
    Session whole(plan(), tested.make());
    train(whole, 3);
    const double expected_cost = train(whole, 3);

    Session first(plan(), tested.make());
    train(first, 3);
    const LearnerState saved = first.learner.save();
    const EpochCursor::State position = first.cursor.save();
    EXPECT_EQ(position.epochs, 3U);
    Session second(plan(), tested.make());
    second.take_steps(1);  // the state is overwritten by `load`
    static_cast<void>(second.learner.take_cost());
    second.load(saved, position);
    EXPECT_EQ(second.learner.save(), saved);
    EXPECT_EQ(train(second, 3), expected_cost);
    EXPECT_EQ(second.learner.save(), whole.learner.save());
    EXPECT_EQ(second.cursor.save(), whole.cursor.save());
  }
}

/// Also within an epoch.
TEST_P(SavedSession, ContinuesFromAnyStep) {
  for (const BackendUnderTest& tested : backends()) {
    SCOPED_TRACE(tested.name);
    Session session(plan(), tested.make());
    train(session, 1);
    for (int step = 0; step < 2; ++step) session.take_steps(1);
    const LearnerState saved = session.learner.save();
    const EpochCursor::State position = session.cursor.save();
    train(session, 2);

    Session other(plan(), tested.make());
    other.load(saved, position);
    train(other, 2);
    EXPECT_EQ(other.learner.save(), session.learner.save());
    EXPECT_EQ(other.cursor.save(), session.cursor.save());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Runs, SavedSession,
    testing::Values(
        Case{"descent", two_classes, {.optimizer = {.learning_rate = 0.5}, .batch_size = 8}},
        Case{"descent_along_the_full_batch", two_classes, {.optimizer = {.learning_rate = 0.5}}},
        Case{"full_batch_in_parts", two_classes, {.optimizer = {.learning_rate = 0.5}}, 16},
        Case{"momentum", two_classes, {.optimizer = {.kind = Optimizer::momentum, .clip_norm = 0.1}, .batch_size = 10}},
        Case{"nesterov", line_data, {.optimizer = {.kind = Optimizer::nesterov}, .schedule = Schedule::parse("cosine")}},
        Case{"rmsprop",
             two_classes,
             {.optimizer = {.kind = Optimizer::rmsprop}, .batch_size = 20, .regularization = {.l2 = 0.01}}},
        Case{"adam_with_all_that_draws",
             two_classes,
             {.optimizer = {.kind = Optimizer::adam},
              .batch_size = 8,
              .regularization = {.dropout = 0.2},
              .augmentation = {.input_noise = 0.1, .mixup = 0.3}}},
        Case{"adamw_and_mixup_in_parts",
             two_classes,
             {.optimizer = {.kind = Optimizer::adamw}, .augmentation = {.mixup = 0.3}},
             16},
        Case{"lamb_and_dropout", line_data, {.optimizer = {.kind = Optimizer::lamb}, .regularization = {.dropout = 0.2}}},
        Case{"distortions",
             pixels,
             {.optimizer = {.learning_rate = 0.5},
              .schedule = Schedule::parse("exponential:0.9"),
              .augmentation = {.distortions = {.shift = 0.5, .elastic = 2.0}, .image_size = ImageSize{1, 2}}}}),
    testing::PrintToStringParamName());

/// A state of another network or optimizer is refused, and nothing of it is taken.
TEST(LoadedState, MustFit) {
  const auto session = [](const NetworkSpec& network, Optimizer optimizer) {
    return std::make_unique<Session>(
        make_plan(network, two_classes(20), {.optimizer = {.kind = optimizer}, .execution = {.device = Device::cpu()}}),
        make_tested_backend(1));
  };
  const auto adam = session({.hidden = {5}}, Optimizer::adam);
  const LearnerState good = adam->learner.save();
  const auto expect_refused = [&](const LearnerState& state, const std::string& message) {
    try {
      adam->learner.load(state);
      ADD_FAILURE() << "accepted; expected: " << message;
    } catch (const UsageError& error) {
      EXPECT_EQ(error.what(), message);
    }
    EXPECT_EQ(adam->learner.save(), good);
  };
  expect_refused(session({.hidden = {5, 4}}, Optimizer::adam)->learner.save(),
                 "the state has 3 layers, and the network has 2");
  expect_refused(session({.hidden = {6}}, Optimizer::adam)->learner.save(),
                 "the state has 12 values in weight of layer 1, and the network has 10");
  expect_refused(session({.hidden = {5}}, Optimizer::momentum)->learner.save(),
                 "the state has 1 moments, and the optimizer has 2");
  expect_refused({}, "the state has 0 layers, and the network has 2");
  LearnerState state = good;
  state.parameters[1][DenseTensors::kBias].pop_back();
  expect_refused(state, "the state has 1 values in bias of layer 2, and the network has 2");
  state = good;
  state.moments[1].pop_back();
  expect_refused(state, "the state has 1 layers of moment 2, and the network has 2");
  state = good;
  state.moments[0][0][DenseTensors::kWeight].push_back(1.0F);
  expect_refused(state, "the state has 11 values of moment 1 in weight of layer 1, and the network has 10");
  EXPECT_NO_THROW(adam->learner.load(good));
}

TEST(ChooseEngine, TellsItsReason) {
  const Plan plan = make_plan({}, two_classes(20), {.execution = {.device = Device::cpu()}});
  const auto backend = make_tested_backend(1);
  const Preprocessing preprocessing = learn_preprocessing(plan, *backend);
  const ChosenEngine chosen = choose_engine(plan, preprocessing, *backend);
  ASSERT_TRUE(chosen.engine);
  EXPECT_FALSE(chosen.reason.empty());
  const Learner learner(plan, preprocessing, *backend);
  EXPECT_EQ(learner.reason_of_engine(), chosen.reason);
}

}  // namespace
}  // namespace gradus::internal
