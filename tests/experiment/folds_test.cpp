// Cross-validation: what each fold trains on, what the folds give together, and how it ends early.
#include <cmath>
#include <gmock/gmock.h>
#include <stop_token>
#include <vector>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "gradus/experiment.hpp"
#include "training/example_data.hpp"

namespace gradus {
namespace {

using testing_support::line_data;
using testing_support::two_classes;

TrainingOptions quick() {
  return {.batch_size = 10, .epochs = 3, .execution = {.device = Device::cpu(), .threads = 1}};
}

TEST(CrossValidation, TrainsOnTheRestAndMeasuresWhatIsHeldOut) {
  const Dataset data = two_classes(50);
  const CrossValidation found = cross_validate(data, {.folds = 4, .seed = 3}, {.hidden = {5}}, quick());
  EXPECT_FALSE(found.stopped);
  EXPECT_THAT(found.diverged, testing::IsEmpty());
  ASSERT_EQ(found.finished.size(), 4U);
  const auto folds = data.folds(4, 3);
  for (std::size_t i = 0; i < folds.size(); ++i) {
    Trainer trainer({.hidden = {5}}, folds[i].first, quick());
    const TrainingResult alone = trainer.fit(folds[i].second);
    EXPECT_EQ(found.finished[i].fold, i);
    EXPECT_EQ(found.finished[i].training.test->samples, folds[i].second.samples());
    EXPECT_EQ(found.finished[i].training.test->cost, alone.test->cost);
    EXPECT_EQ(found.finished[i].training.test->accuracy, alone.test->accuracy);
  }
}

TEST(CrossValidation, TellsMeanAndDeviationOfEachMetric) {
  CrossValidation result;
  EXPECT_THAT(result.spreads(), testing::IsEmpty());
  for (const double rmse : {1.0, 2.0, 6.0}) {
    Evaluation evaluation{.task = Task::regression, .samples = 10};
    evaluation.rmse = rmse;
    evaluation.r2 = std::nan("");
    FoldResult& fold = result.finished.emplace_back();
    fold.training.test = evaluation;
    EXPECT_EQ(result.spreads().empty(), result.finished.size() < 2) << "one fold has no deviation";
  }
  const auto spreads = result.spreads();
  ASSERT_EQ(spreads.size(), 4U);
  EXPECT_EQ(spreads[0].metric->key, "cost");
  EXPECT_EQ(spreads[1].metric->key, "rmse");
  EXPECT_DOUBLE_EQ(spreads[1].mean, 3.0);
  EXPECT_DOUBLE_EQ(spreads[1].deviation, std::sqrt((4.0 + 1.0 + 9.0) / 2.0));
  EXPECT_EQ(spreads[3].metric->key, "r2");
  EXPECT_TRUE(std::isnan(spreads[3].mean));
}

TEST(CrossValidation, APlanChoosesForEachFold) {
  const Dataset data = two_classes(60);
  std::vector<std::size_t> begun;
  const auto plan = [](std::size_t fold, const Dataset& rest) {
    auto [train, validation] = rest.split(0.25, 0);
    TrainingOptions training = quick();
    training.epochs = fold + 1;
    return FoldPlan{.network = {.hidden = {}}, .training = training, .train = train, .validation = validation};
  };
  FoldCallbacks callbacks;
  callbacks.begin = [&](const FoldBegin& fold) {
    begun.push_back(fold.fold);
    EXPECT_EQ(fold.plan.train.samples() + fold.plan.validation->samples() + fold.held_out.samples(), 60U);
    EXPECT_EQ(fold.trainer.options().epochs, fold.fold + 1);
  };
  const CrossValidation found = cross_validate(data, {.folds = 3}, plan, callbacks);
  EXPECT_THAT(begun, testing::ElementsAre(0, 1, 2));
  ASSERT_EQ(found.finished.size(), 3U);
  EXPECT_EQ(found.finished[2].training.epochs, 3U);
  EXPECT_TRUE(found.finished[2].training.best_epoch.has_value());
}

TEST(CrossValidation, AFoldThatDivergesCostsTheOthersNothing) {
  const auto plan = [](std::size_t fold, const Dataset& rest) {
    TrainingOptions training = quick();
    training.optimizer.learning_rate = fold == 1 ? 1e30 : 0.01;
    training.preprocessing.normalization = fold == 1 ? Normalization::none : Normalization::standard;
    return FoldPlan{.network = {.hidden = {}}, .training = training, .train = rest};
  };
  std::vector<TrainingResult::End> ends;
  FoldCallbacks callbacks;
  callbacks.finish = [&](const FoldResult& fold) {
    ends.push_back(fold.training.end);
    return true;
  };
  const CrossValidation found = cross_validate(line_data(30), {.folds = 3}, plan, callbacks);
  ASSERT_EQ(found.diverged.size(), 1U);
  EXPECT_EQ(found.diverged.front().fold, 1U);
  ASSERT_EQ(found.finished.size(), 2U);
  EXPECT_EQ(found.finished.back().fold, 2U);
  EXPECT_FALSE(found.stopped);
  EXPECT_EQ(ends.at(1), TrainingResult::End::diverged);
  EXPECT_TRUE(std::isfinite(found.spreads().front().mean));
}

TEST(CrossValidation, ARequestToStopKeepsTheFinishedFolds) {
  std::stop_source source;
  const auto plan = [](std::size_t /*fold*/, const Dataset& rest) {
    return FoldPlan{.network = {.hidden = {}}, .training = quick(), .train = rest};
  };
  std::size_t epochs = 0;
  FoldCallbacks callbacks;
  callbacks.epoch = [&](const Progress& /*progress*/) {
    if (++epochs == 7) source.request_stop();  // in the third fold
    return true;
  };
  const CrossValidation found = cross_validate(two_classes(60), {.folds = 5}, plan, callbacks, source.get_token());
  EXPECT_TRUE(found.stopped);
  EXPECT_EQ(found.finished.size(), 2U);
  EXPECT_EQ(found.spreads().size(), 2U);

  const CrossValidation none = cross_validate(two_classes(60), {.folds = 5}, plan, callbacks, source.get_token());
  EXPECT_TRUE(none.stopped);
  EXPECT_THAT(none.finished, testing::IsEmpty());
}

TEST(CrossValidation, ACallbackCanStopIt) {
  const auto plan = [](std::size_t /*fold*/, const Dataset& rest) {
    return FoldPlan{.network = {.hidden = {}}, .training = quick(), .train = rest};
  };
  const auto stops_after = [&](std::size_t last) {
    FoldCallbacks callbacks;
    callbacks.finish = [last](const FoldResult& fold) { return fold.fold != last; };
    return cross_validate(two_classes(60), {.folds = 3}, plan, callbacks);
  };
  EXPECT_EQ(stops_after(1).finished.size(), 2U);
  EXPECT_TRUE(stops_after(1).stopped);
  EXPECT_FALSE(stops_after(2).stopped) << "there was nothing left to do";
}

TEST(CrossValidation, RefusesAWrongNumberOfFolds) {
  for (const std::size_t folds : {1, 21})
    EXPECT_THROW(static_cast<void>(cross_validate(two_classes(20), {.folds = folds}, NetworkSpec{}, quick())), UsageError);
}

}  // namespace
}  // namespace gradus
