// Metrics of a classification, against values computed by hand and against plain counting; the table of metrics.
#include "gradus/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <vector>

#include <gtest/gtest.h>

#include "gradus/error.hpp"
#include "gradus/trainer.hpp"
#include "training/example_data.hpp"

namespace gradus {
namespace {

/// A model for this many classes; its predictions are not used.
Model model_of(std::size_t classes, Loss loss = Loss::cross_entropy, std::optional<Activation> output = std::nullopt) {
  const std::vector<float> inputs(classes, 0.0F);
  std::vector<std::int32_t> labels;
  for (std::size_t k = 0; k < classes; ++k) labels.push_back(static_cast<std::int32_t>(k));
  return Trainer({.hidden = {}, .output_activation = output, .loss = loss}, Dataset::classification(inputs, 1, labels))
      .model();
}

Dataset with_labels(const std::vector<std::int32_t>& labels, std::size_t classes) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < classes; ++k) names.push_back(std::to_string(k));
  return Dataset::classification(std::vector<float>(labels.size()), 1, labels, names);
}

Predictions predictions_of(const std::vector<float>& outputs, std::size_t classes) {
  Predictions predictions;
  predictions.samples = outputs.size() / classes;
  predictions.outputs = classes;
  predictions.values = outputs;
  for (std::size_t i = 0; i < predictions.samples; ++i) {
    const auto row = outputs.begin() + static_cast<std::ptrdiff_t>(i * classes);
    const auto end = row + static_cast<std::ptrdiff_t>(classes);
    predictions.classes.push_back(static_cast<std::int32_t>(std::max_element(row, end) - row));
  }
  return predictions;
}

TEST(Metrics, OfTwoClassesByHand) {
  // Outputs for class 1 of its samples: 0.9, 0.4, 0.4; of the others: 0.6, 0.4, 0.1. Pairs that are in order: 3 + 1.5 + 1.5
  // of 9.
  const std::vector<float> outputs{0.1F, 0.9F, 0.6F, 0.4F, 0.6F, 0.4F, 0.4F, 0.6F, 0.6F, 0.4F, 0.9F, 0.1F};
  const auto metrics = classification_metrics(model_of(2), predictions_of(outputs, 2), with_labels({1, 1, 1, 0, 0, 0}, 2));
  EXPECT_EQ(metrics.classes[1].samples, 3U);
  EXPECT_DOUBLE_EQ(metrics.classes[1].precision, 1.0 / 2.0);
  EXPECT_DOUBLE_EQ(metrics.classes[1].recall, 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(metrics.classes[1].f1, 2.0 / 5.0);
  EXPECT_DOUBLE_EQ(metrics.classes[0].precision, 2.0 / 4.0);
  EXPECT_DOUBLE_EQ(metrics.roc_auc, 6.0 / 9.0);
  EXPECT_EQ(metrics.roc_auc, metrics.classes[1].roc_auc);
  EXPECT_THAT(metrics.top_k, testing::IsEmpty());
  const double loss = -(std::log(0.9) + 2 * std::log(0.4) + std::log(0.4) + std::log(0.6) + std::log(0.9)) / 6.0;
  EXPECT_NEAR(*metrics.log_loss, loss, 1e-7);
  // Sure by 0.9 twice and right twice; by 0.6 four times and right once.
  EXPECT_NEAR(*metrics.calibration_error, (0.2 + std::abs(4 * 0.6 - 1.0)) / 6.0, 1e-7);
}

TEST(Metrics, OfManyClassesByCounting) {
  constexpr std::size_t kClasses = 7;
  constexpr std::size_t kSamples = 300;
  std::vector<float> outputs;
  std::vector<std::int32_t> labels;
  std::uint32_t state = 1;
  const auto random = [&] { return (state = state * 1664525U + 1013904223U) >> 16; };
  for (std::size_t i = 0; i < kSamples; ++i) {
    labels.push_back(static_cast<std::int32_t>(random() % (kClasses - 1)));  // the last class never comes
    for (std::size_t k = 0; k < kClasses; ++k)
      outputs.push_back(static_cast<float>(random() % 20) / 20.0F +
                        (labels.back() == static_cast<std::int32_t>(k) ? 0.3F : 0.01F));
  }
  const auto predictions = predictions_of(outputs, kClasses);
  const auto metrics = classification_metrics(model_of(kClasses), predictions, with_labels(labels, kClasses));
  const auto output = [&](std::size_t i, std::size_t k) { return outputs[i * kClasses + k]; };
  double areas = 0.0;
  for (std::size_t k = 0; k + 1 < kClasses; ++k) {
    double in_order = 0.0;
    double pairs = 0.0;
    double right = 0.0;
    double taken = 0.0;
    double samples = 0.0;
    for (std::size_t i = 0; i < kSamples; ++i) {
      const bool is_mine = labels[i] == static_cast<std::int32_t>(k);
      const bool is_taken = predictions.classes[i] == static_cast<std::int32_t>(k);
      samples += is_mine ? 1.0 : 0.0;
      taken += is_taken ? 1.0 : 0.0;
      right += is_mine && is_taken ? 1.0 : 0.0;
      for (std::size_t j = 0; is_mine && j < kSamples; ++j) {
        if (labels[j] == labels[i]) continue;
        pairs += 1.0;
        in_order += output(i, k) > output(j, k) ? 1.0 : output(i, k) == output(j, k) ? 0.5 : 0.0;
      }
    }
    EXPECT_DOUBLE_EQ(metrics.classes[k].roc_auc, in_order / pairs);
    EXPECT_DOUBLE_EQ(metrics.classes[k].precision, right / taken);
    EXPECT_DOUBLE_EQ(metrics.classes[k].recall, right / samples);
    areas += in_order / pairs / static_cast<double>(kClasses - 1);
  }
  EXPECT_TRUE(std::isnan(metrics.classes.back().recall)) << "nothing can be said of it";
  EXPECT_TRUE(std::isnan(metrics.classes.back().roc_auc));
  EXPECT_NEAR(metrics.roc_auc, areas, 1e-12);
  ASSERT_EQ(metrics.top_k.size(), 3U);
  for (const auto& [k, part] : metrics.top_k) {
    double among = 0.0;
    for (std::size_t i = 0; i < kSamples; ++i) {
      std::vector<std::pair<float, int>> row;
      for (std::size_t c = 0; c < kClasses; ++c) row.emplace_back(-output(i, c), static_cast<int>(c));
      std::sort(row.begin(), row.end());
      for (std::size_t place = 0; place < k; ++place) among += row[place].second == labels[i] ? 1.0 : 0.0;
    }
    EXPECT_DOUBLE_EQ(part, among / static_cast<double>(kSamples)) << k;
  }
}

TEST(Metrics, PerfectAndWithoutAnyOpinion) {
  const auto perfect =
      classification_metrics(model_of(3), predictions_of({1, 0, 0, 0, 1, 0, 0, 0, 1}, 3), with_labels({0, 1, 2}, 3));
  EXPECT_EQ(perfect.macro_f1, 1.0);
  EXPECT_EQ(perfect.roc_auc, 1.0);
  EXPECT_EQ(*perfect.log_loss, 0.0);
  EXPECT_EQ(*perfect.calibration_error, 0.0);
  const auto none =
      classification_metrics(model_of(3), predictions_of(std::vector<float>(9, 0.0F), 3), with_labels({0, 1, 2}, 3));
  EXPECT_EQ(none.roc_auc, 0.5);
  EXPECT_NEAR(*none.log_loss, std::log(3.0), 1e-12);
  EXPECT_EQ(none.top_k.front(), std::pair(std::size_t{2}, 2.0 / 3.0));
}

TEST(Metrics, KnowProbabilitiesWhereTheOutputsAreSome) {
  const auto of = [](const Model& model) {
    return classification_metrics(model, predictions_of({0.2F, 0.6F}, 2), with_labels({1}, 2)).log_loss;
  };
  EXPECT_NEAR(of(model_of(2, Loss::mse, Activation::sigmoid)).value(), -std::log(0.75), 1e-7) << "parts of their sum";
  EXPECT_FALSE(of(model_of(2, Loss::mse, Activation::identity)));
}

TEST(Metrics, RefuseWhatDoesNotBelongTogether) {
  const auto two = predictions_of({0.2F, 0.6F}, 2);
  EXPECT_THROW(static_cast<void>(classification_metrics(model_of(2), two, with_labels({1, 0}, 2))), UsageError);
  EXPECT_THROW(static_cast<void>(classification_metrics(model_of(3), two, with_labels({1}, 3))), UsageError);
  EXPECT_THROW(static_cast<void>(classification_metrics(model_of(2), two, testing_support::line_data(1))), UsageError);
}

TEST(Metrics, DetailsOfAnEvaluationAreThoseOfThePredictions) {
  const Dataset data = testing_support::two_classes(200);
  Trainer trainer({.hidden = {4}, .loss = Loss::cross_entropy}, data,
                  {.batch_size = 10, .epochs = 3, .execution = {.threads = 1}});
  trainer.fit();
  const Model model = trainer.model();
  const Evaluation plain = model.evaluate(data);
  EXPECT_FALSE(plain.details);
  const Evaluation found = model.evaluate(data, Device::automatic(), 0, Details::classes);
  EXPECT_EQ(found.cost, plain.cost);
  EXPECT_EQ(found.accuracy, plain.accuracy);
  EXPECT_EQ(found.confusion, plain.confusion);
  const ClassificationMetrics alone = classification_metrics(model, model.predict(data), data);
  ASSERT_TRUE(found.details);
  EXPECT_EQ(found.details->macro_f1, alone.macro_f1);
  EXPECT_EQ(found.details->roc_auc, alone.roc_auc);
  EXPECT_EQ(found.details->log_loss, alone.log_loss);
  EXPECT_EQ(found.details->calibration_error, alone.calibration_error);
  std::size_t samples = 0;
  for (const ClassMetrics& one : found.details->classes) samples += one.samples;
  EXPECT_EQ(samples, 200U);
}

TEST(Metrics, NumbersHaveNoDetails) {
  const Dataset data = testing_support::line_data(20);
  const Model model = Trainer({.hidden = {}}, data).model();
  EXPECT_FALSE(model.evaluate(data, Device::automatic(), 0, Details::classes).details);
}

/// The keys of the metrics that an evaluation has.
std::vector<std::string_view> keys_of(const Evaluation& evaluation) {
  std::vector<std::string_view> keys;
  for (const Metric& metric : metrics())
    if (metric.is_in(evaluation)) keys.push_back(metric.key);
  return keys;
}

TEST(MetricTable, HasTheMetricsOfEachTask) {
  using testing::ElementsAre;
  EXPECT_THAT(keys_of({.task = Task::regression}), ElementsAre("cost", "rmse", "mae", "r2"));
  EXPECT_THAT(keys_of({.task = Task::classification}), ElementsAre("cost", "accuracy"));
  EXPECT_THAT(keys_of({.task = Task::multi_label}), ElementsAre("cost", "accuracy", "label_accuracy"));
  Evaluation detailed{.task = Task::classification};
  detailed.details.emplace().classes.resize(3);
  EXPECT_THAT(keys_of(detailed), ElementsAre("cost", "accuracy", "macro_precision", "macro_recall", "macro_f1", "roc_auc",
                                             "top_2_accuracy", "log_loss", "calibration_error"));
  detailed.task = Task::multi_label;
  EXPECT_THAT(keys_of(detailed), ElementsAre("cost", "accuracy", "label_accuracy", "macro_precision", "macro_recall",
                                             "macro_f1", "roc_auc", "log_loss"));
}

TEST(MetricTable, EachKeyOnceAndFound) {
  for (const Metric& metric : metrics()) EXPECT_EQ(find_metric(metric.key), &metric) << metric.key;
  EXPECT_EQ(find_metric("luck"), nullptr);
}

TEST(MetricTable, KnowsWhatTheMonitorsNeed) {
  for (const std::string_view monitor : kNames<Monitor>) {
    const Metric* metric = find_metric(monitor);
    ASSERT_NE(metric, nullptr) << monitor;
    EXPECT_EQ(metric->level, Metric::Level::always);
    EXPECT_EQ(metric->larger_is_better, monitor == "accuracy");
  }
}

TEST(MetricTable, TellsAnUndefinedR2FromAFailedOne) {
  Evaluation evaluation{.task = Task::regression};
  evaluation.r2 = std::nan("");
  EXPECT_FALSE(find_metric("r2")->value(evaluation)) << "all targets are the same";
  evaluation.rmse = std::nan("");
  EXPECT_TRUE(find_metric("r2")->value(evaluation)) << "the outputs are not finite";
}

}  // namespace
}  // namespace gradus
