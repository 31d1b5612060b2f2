#include "report/evaluation_report.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "report/folds_report.hpp"
#include "report/render.hpp"

namespace gradus::report {
namespace {

const EvaluationSubject kSubject{.model = "m.safetensors", .data = "DATA", .source = "DATA.csv", .device = "cpu"};

TEST(EvaluationReport, OfClassesHasATableAndTheConfusionMatrix) {
  DataSchema schema;
  schema.class_names = {"cat", "dog"};
  Evaluation evaluation;
  evaluation.samples = 4;
  evaluation.cost = 0.5;
  evaluation.correct = 3;
  evaluation.accuracy = 0.75;
  evaluation.confusion = {2, 0, 1, 1};
  evaluation.details.emplace().classes = {{.samples = 2, .precision = 0.5}, {.samples = 2, .precision = 1.0}};
  const Report report = evaluation_report(kSubject, schema, evaluation);
  const std::string text = as_text(report);
  EXPECT_EQ(text.substr(0, text.find("accuracy")), "data      DATA.csv\nsamples   4\ncost      0.5000\n");
  EXPECT_NE(text.find("accuracy  75.00% (3 correct)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nclass  precision     recall      F1     AUC    samples\n"
                      "cat       0.5000     0.0000  0.0000  0.0000          2\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  cat    2    .\n  dog    1    1\n"), std::string::npos) << text;
  const Json json = as_json(report);
  EXPECT_EQ(json["data"], "DATA");
  EXPECT_EQ(json["accuracy"], 0.75);
  EXPECT_EQ(json["correct"], 3);
  EXPECT_EQ(to_text(json["confusion"]), "[[2,0],[1,1]]");
  EXPECT_EQ(json["classes"][1]["precision"], 1.0);
}

TEST(EvaluationReport, OfNumbersSaysWhatIsNotDefined) {
  DataSchema schema;
  schema.task = Task::regression;
  Evaluation evaluation;
  evaluation.task = Task::regression;
  evaluation.samples = 2;
  evaluation.rmse = 3.0;
  evaluation.r2 = std::numeric_limits<double>::quiet_NaN();
  const Report report = evaluation_report(kSubject, schema, evaluation);
  EXPECT_NE(as_text(report).find("not defined (every target is the same)"), std::string::npos) << as_text(report);
  EXPECT_TRUE(as_json(report)["r2"].is_null());
  EXPECT_EQ(report.find("correct"), nullptr);
}

TEST(FoldsReport, ListsTheFoldsOnlyWhenSomeAreMissing) {
  const std::vector<float> inputs{0.0F, 1.0F, 2.0F, 3.0F};
  const Dataset data = Dataset::classification(inputs, 1, std::vector<std::int32_t>{0, 1, 0, 1});
  CrossValidation result;
  for (std::size_t fold = 0; fold < 2; ++fold) {
    FoldResult& finished = result.finished.emplace_back();
    finished.fold = fold;
    Evaluation& test = finished.training.test.emplace();
    test.samples = 2;
    test.correct = fold;
    test.accuracy = 0.5 * static_cast<double>(fold);
    test.cost = 1.0;
  }
  const FoldsSubject complete{.data = "DATA", .folds = 2, .seed = 7};
  EXPECT_EQ(as_text(folds_report(complete, data, result)),
            "folds     2: mean and deviation of cost 1.000 ± 0.000, accuracy 25.00% ± 35.36%\n");
  const Json json = as_json(folds_report(complete, data, result));
  EXPECT_EQ(json["folds"][1]["fold"], 2);
  EXPECT_EQ(json["test_accuracy_mean"], 0.25);
  EXPECT_EQ(json["end"], "finished");

  result.diverged.emplace_back().fold = 2;
  const FoldsSubject of_three{.data = "DATA", .folds = 3, .seed = 7};
  EXPECT_EQ(as_text(folds_report(of_three, data, result)),
            "fold 1/3  cost 1.000, accuracy 0.00% (0 of 2 samples)\n"
            "fold 2/3  cost 1.000, accuracy 50.00% (1 of 2 samples)\n"
            "folds     2 of 3: mean and deviation of cost 1.000 ± 0.000, accuracy 25.00% ± 35.36%\n");
  EXPECT_EQ(to_text(as_json(folds_report(of_three, data, result))["diverged_folds"]), "[3]");
}

}  // namespace
}  // namespace gradus::report
