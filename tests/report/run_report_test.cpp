#include "report/run_report.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "report/render.hpp"
#include "report/run_options.hpp"
#include "report/setup_report.hpp"

namespace gradus::report {
namespace {

/// Classes `a` and `b` by one number; two in three samples are of class `b`.
Dataset classes(std::size_t samples) {
  std::vector<float> inputs;
  std::vector<std::int32_t> indices;
  for (std::size_t i = 0; i < samples; ++i) {
    inputs.push_back(static_cast<float>(i));
    indices.push_back(i % 3 == 0 ? 0 : 1);
  }
  return Dataset::classification(inputs, 1, indices, {"a", "b"});
}

/// As a trainer has resolved it.
RunSubject run_on(const Dataset& train) {
  RunSubject run{.data = "DATA.csv", .options = {}, .train = train};
  const Trainer trainer({.hidden = {3}}, train,
                        {.epochs = 5, .seed = 7, .execution = {.device = Device::cpu(), .threads = 1}});
  run.options.network = trainer.network();
  run.options.training = trainer.options();
  return run;
}

TrainingResult finished(double accuracy) {
  TrainingResult result;
  result.epochs = 5;
  result.steps = 5;
  result.seconds = 2.0;
  result.samples_per_second = 1000.0;
  result.train.samples = 9;
  result.train.correct = 6;
  result.train.cost = 0.25;
  result.train.accuracy = accuracy;
  return result;
}

std::string text_of(const Report& report, std::string_view key) {
  const Fact* fact = report.find(key);
  if (fact == nullptr) return "(no such fact)";
  return fact->text.empty() ? as_text(fact->value) : fact->text;
}

TEST(SetupReport, HasALineForEachOfDataMethodAndBaseline) {
  RunSubject run = run_on(classes(9));
  run.test = classes(3);
  run.options.split.test_fraction = 0.25;
  EXPECT_EQ(as_text(setup_report(run)), "data      " + run.train.source() +
                                            ": 9 samples, 1 feature, 2 classes\n"
                                            "test      3 samples, 25.00% of the data, drawn by seed 7\n"
                                            "network   1-3-2, sigmoid, 14 parameters\n"
                                            "method    " +
                                            describe_method(run.options, 9) +
                                            "\n"
                                            "device    cpu, 1 thread, fp32\n"
                                            "baseline  test accuracy 66.67% (always the most frequent class, b)\n");
}

TEST(SetupReport, SaysWhereHeldOutSamplesComeFrom) {
  RunSubject run = run_on(classes(9));
  run.validation = classes(4);
  run.options.split.validation = "OTHER.csv";
  run.test = classes(3);
  const Report report = setup_report(run);
  EXPECT_EQ(text_of(report, "validation_samples"), "4 samples from OTHER.csv");
  EXPECT_EQ(text_of(report, "test_samples"), "3 samples from the data's own test set");
  run.options.split = {.test_fraction = 0.2, .validation_fraction = 0.5};
  EXPECT_EQ(text_of(setup_report(run), "validation_samples"), "4 samples, 50.00% of the rest, drawn by seed 7");
}

// Each sample is in a test set once, so a cross-validation is of all.
TEST(SetupReport, CountsTheSamplesOfAllFolds) {
  RunSubject run = run_on(classes(9));
  run.test = classes(3);
  run.options.split.folds = 4;
  const Report report = setup_report(run);
  EXPECT_EQ(as_text(report.find("samples")->value), "12");
  EXPECT_EQ(text_of(report, "folds"), "4, each once the test set of 3 samples; drawn by seed 7");
  EXPECT_EQ(report.find("test_samples"), nullptr);
}

TEST(SetupReport, HasTheBaselineOfTheTask) {
  constexpr std::array<float, 4> kInputs{0.0F, 1.0F, 2.0F, 3.0F};
  const Report numbers = setup_report(run_on(Dataset::regression(kInputs, 1, std::array<float, 4>{1.0F, 1.0F, 5.0F, 5.0F})));
  EXPECT_EQ(text_of(numbers, "baseline"), "training RMSE 2 (always the mean)");
  EXPECT_EQ(to_text(as_json(numbers)["baseline"]), R"({"rmse":2.0})");
  const Report labels =
      setup_report(run_on(Dataset::multi_label(kInputs, 1, std::array<std::uint8_t, 8>{1, 0, 1, 0, 1, 1, 0, 0}, 2)));
  EXPECT_EQ(text_of(labels, "baseline"), "training labels 75.00% right (each label always there, or never)");
}

TEST(RunReport, SaysHowItEnded) {
  const RunSubject run = run_on(classes(9));
  TrainingResult result = finished(0.75);
  result.best_epoch = 4;
  const Report report = run_report(run, result, "run/model.safetensors");
  EXPECT_EQ(as_text(report),
            "finished  5 epochs, 5 steps in 2 s, 1.00k samples/s\n"
            "best      epoch 4, whose model is kept\n"
            "training  cost 0.2500, accuracy 75.00% (6 of 9 samples)\n"
            "model     run/model.safetensors\n");
  EXPECT_EQ(to_text(as_json(report)),
            R"({"task":"classification","data":"DATA.csv","samples":9,"features":1,"inputs":1,"outputs":2,"parameters":14,)"
            R"("epochs":5,"steps":5,"best_epoch":4,"train_cost":0.25,"train_accuracy":0.75,"train_seconds":2.0,)"
            R"("samples_per_second":1000.0,"device":"cpu","threads":1,"seed":7,"model":"run/model.safetensors",)"
            R"("end":"finished"})");
}

TEST(RunReport, HasNoModelWithoutAFiniteCost) {
  TrainingResult result = finished(0.75);
  result.end = TrainingResult::End::diverged;
  EXPECT_TRUE(has_model(result));
  result.train.cost = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(has_model(result));
  const Report report = run_report(run_on(classes(9)), result, "run/model.safetensors");
  EXPECT_EQ(as_text(report).find("model.safetensors"), std::string::npos);
  EXPECT_TRUE(as_json(report)["model"].is_null());
}

// What compares runs finds a fact by its key, whichever report has it.
TEST(RunReport, HasTheKeysOfTheSetup) {
  RunSubject run = run_on(classes(9));
  run.validation = classes(4);
  run.test = classes(3);
  run.options.split.validation = "OTHER.csv";
  const Json before = as_json(setup_report(run));
  const Json after = as_json(run_report(run, finished(0.75), "model.safetensors"));
  std::size_t shared = 0;
  for (const auto& [key, value] : before.items()) {
    if (!after.contains(key)) continue;
    EXPECT_EQ(value, after[key]) << key;
    ++shared;
  }
  EXPECT_EQ(shared, 12U) << before.dump() << after.dump();
}

TEST(RunOptions, HaveEveryOptionInTheOrderOfTheTable) {
  const Json json = as_json(run_options(run_on(classes(9)), "run"));
  std::vector<std::string> keys{"version", "data", "inputs", "outputs"};
  for (const OptionInfo& info : option_table()) keys.emplace_back(info.key);
  keys.emplace_back("output");
  std::vector<std::string> found;
  for (const auto& [key, value] : json.items()) found.push_back(key);
  EXPECT_EQ(found, keys);
  EXPECT_EQ(json["epochs"], 5);
  EXPECT_EQ(json["task"], "classification");
  EXPECT_EQ(json["output"], "run");
  EXPECT_TRUE(json["momentum"].is_null()) << "it has no effect with sgd";
}

// A recipe of a later run must not choose what this one did without.
TEST(RunOptions, SayThatThereWasNoValidationSetAndNoMinibatch) {
  RunSubject run = run_on(classes(9));
  Json json = as_json(run_options(run, "run"));
  EXPECT_EQ(json["validation_fraction"], "none");
  EXPECT_EQ(json["batch_size"], "full");
  run.options.split.validation_fraction = 0.25;
  run.options.training.batch_size = 3;
  json = as_json(run_options(run, "run"));
  EXPECT_EQ(json["validation_fraction"], 0.25);
  EXPECT_EQ(json["batch_size"], 3);
}

}  // namespace
}  // namespace gradus::report
