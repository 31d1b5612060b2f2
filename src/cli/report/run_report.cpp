#include "cli/report/run_report.hpp"

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/report/metric_text.hpp"
#include "cli/text.hpp"
#include "cli/train_output.hpp"

namespace gradus::cli {
namespace {

std::string_view title_of(TrainingResult::End end) {
  switch (end) {
    case TrainingResult::End::patience:
      return "no more progress";
    case TrainingResult::End::time_limit:
      return "time is over";
    default:
      return name(end);
  }
}

std::string describe_extent(const TrainingResult& result) {
  return fmt::format("{}, {} in {}, {}", counted(result.epochs, "epoch"), counted(result.steps, "step"),
                     duration(result.seconds), speed(result.samples_per_second));
}

void add_sizes(Facts& facts, const TrainRequest& request, const Trainer& trainer, const TrainData& data) {
  const DataSchema& schema = data.train.schema();
  facts.push_back(hidden("task", std::string(name(schema.task))));
  facts.push_back(hidden("data", request.data));
  facts.push_back(hidden("samples", data.train.samples()));
  if (data.validation) facts.push_back(hidden("validation_samples", data.validation->samples()));
  if (data.test) facts.push_back(hidden("test_samples", data.test->samples()));
  facts.push_back(hidden("features", schema.features));
  facts.push_back(hidden("inputs", schema.inputs()));
  facts.push_back(hidden("outputs", schema.outputs()));
  facts.push_back(hidden("parameters", trainer.network().parameter_count()));
}

void add_evaluation(Facts& facts, std::string title, const std::string& prefix, const Evaluation& evaluation) {
  facts.push_back(line(std::move(title), describe(evaluation)));
  add_hidden_metrics(facts, prefix, evaluation);
}

}  // namespace

Report run_report(const TrainRequest& request, const Trainer& trainer, const TrainData& data, const TrainingResult& result,
                  const RunFolder& folder) {
  Report report;
  Facts& facts = report.sections.front();
  add_sizes(facts, request, trainer, data);
  facts.push_back(line(std::string(title_of(result.end)), describe_extent(result)));
  facts.push_back(hidden("epochs", result.epochs));
  facts.push_back(hidden("steps", result.steps));
  if (result.best_epoch)
    facts.push_back({.key = "best_epoch",
                     .title = "best",
                     .value = *result.best_epoch,
                     .text = fmt::format("epoch {}, whose model is kept", with_separators(*result.best_epoch))});
  add_evaluation(facts, "training", "train_", result.train);
  if (result.validation) add_evaluation(facts, "validated", "validation_", *result.validation);
  if (result.test) add_evaluation(facts, "test", "test_", *result.test);
  facts.push_back(hidden("train_seconds", Number{result.seconds}));
  facts.push_back(hidden("samples_per_second", Number{result.samples_per_second}));
  facts.push_back(hidden("device", trainer.options().execution.device.to_string()));
  facts.push_back(hidden("threads", trainer.options().execution.threads));
  facts.push_back(hidden("seed", trainer.options().seed));
  const bool is_written = has_model(result);
  facts.push_back({.key = "model",
                   .title = is_written ? "model" : "",
                   .value = is_written ? Value(folder.model().string()) : Value(),
                   .text = ""});
  facts.push_back(hidden("end", std::string(name(result.end))));
  return report;
}

}  // namespace gradus::cli
