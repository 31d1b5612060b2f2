#include "cli/cross_validation.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/exit_codes.hpp"
#include "cli/json_output.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/train_data.hpp"
#include "cli/train_output.hpp"
#include "cli/train_summary.hpp"
#include "gradus/trainer.hpp"

namespace gradus::cli {
namespace {

/// A figure of the folds' test parts.
struct Figure {
  std::string_view name;
  double Evaluation::*value;
};

std::vector<Figure> figures_of(Task task) {
  if (task == Task::classification) return {{"cost", &Evaluation::cost}, {"accuracy", &Evaluation::accuracy}};
  if (task == Task::multi_label)
    return {
        {"cost", &Evaluation::cost}, {"accuracy", &Evaluation::accuracy}, {"label_accuracy", &Evaluation::label_accuracy}};
  return {{"cost", &Evaluation::cost}, {"rmse", &Evaluation::rmse}, {"mae", &Evaluation::mae}, {"r2", &Evaluation::r2}};
}

struct Spread {
  double mean = 0.0;
  double deviation = 0.0;  // of a sample: divided by n − 1
};

Spread spread_of(const Figure& figure, const std::vector<Evaluation>& folds) {
  Spread spread;
  const auto count = static_cast<double>(folds.size());
  for (const Evaluation& fold : folds) spread.mean += fold.*figure.value / count;
  double squares = 0.0;
  for (const Evaluation& fold : folds) squares += std::pow(fold.*figure.value - spread.mean, 2);
  spread.deviation = std::sqrt(squares / (count - 1.0));
  return spread;
}

std::string describe(const Figure& figure, const Spread& spread) {
  if (figure.name.ends_with("accuracy"))
    return fmt::format("{} {} ± {}", figure.name == "accuracy" ? "accuracy" : "labels", percent(spread.mean),
                       percent(spread.deviation));
  if (std::isnan(spread.mean)) return "R² not defined";
  const auto number = figure.name == "cost" ? four_digits : general;
  const std::string_view title = figure.name == "rmse"  ? "RMSE"
                                 : figure.name == "mae" ? "MAE"
                                 : figure.name == "r2"  ? "R²"
                                                        : figure.name;
  return fmt::format("{} {} ± {}", title, number(spread.mean), number(spread.deviation));
}

std::string describe_means(const std::vector<Evaluation>& folds) {
  std::string text;
  for (const Figure& figure : figures_of(folds.front().task))
    text += (text.empty() ? "" : ", ") + describe(figure, spread_of(figure, folds));
  return text;
}

Json to_json(const TrainRequest& request, const Dataset& data, const std::vector<Evaluation>& folds) {
  Json json;
  json["task"] = name(data.task());
  json["data"] = request.data;
  json["samples"] = data.samples();
  json["seed"] = request.options.training.seed;
  json["folds"] = Json::array();
  for (const Evaluation& fold : folds) {
    Json entry;
    entry["test_samples"] = fold.samples;
    add_evaluation(entry, "test_", fold);
    json["folds"].push_back(entry);
  }
  for (const Figure& figure : figures_of(data.task())) {
    const Spread spread = spread_of(figure, folds);
    json[fmt::format("test_{}_mean", figure.name)] = spread.mean;
    json[fmt::format("test_{}_deviation", figure.name)] = spread.deviation;
  }
  return json;
}

}  // namespace

int cross_validate(TrainRequest& request, Messages& messages) {
  const FoldedData folded(request, messages);
  const std::size_t count = *request.options.split.folds;
  std::vector<Evaluation> folds;
  for (std::size_t i = 0; i < count; ++i) {
    const TrainData data = folded.fold(i, request);
    Trainer trainer(request.options.network, data.train, request.options.training);
    if (i == 0) print_train_summary(request, data, trainer, messages);
    const TrainingResult result = trainer.fit(HeldOut{.validation = data.validation, .test = data.test});
    if (result.end == TrainingResult::End::diverged) {
      print_error(fmt::format("the cost of fold {} became NaN or infinite in epoch {}; try a smaller --learning-rate", i + 1,
                              result.epochs));
      return kDiverged;
    }
    folds.push_back(*result.test);
    messages.line(fmt::format("fold {:>{}}/{}  {}", i + 1, std::to_string(count).size(), count, describe(folds.back())));
  }
  if (request.command.json) {
    print_json(to_json(request, folded.data(), folds));
    return kSuccess;
  }
  Output output = Output::standard();
  output.write(fmt::format("folds     {}: mean and deviation of {}\n", count, describe_means(folds)));
  output.commit();
  return kSuccess;
}

}  // namespace gradus::cli
