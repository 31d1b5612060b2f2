#include "report/run_report.hpp"

#include <cmath>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "report/metric_text.hpp"
#include "report/words.hpp"

namespace gradus::report {
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

void add_sizes(Facts& facts, const RunSubject& run) {
  const DataSchema& schema = run.train.schema();
  facts.push_back(hidden("task", std::string(name(schema.task))));
  facts.push_back(hidden("data", run.data));
  facts.push_back(hidden("samples", run.train.samples()));
  if (run.validation) facts.push_back(hidden("validation_samples", run.validation->samples()));
  if (run.test) facts.push_back(hidden("test_samples", run.test->samples()));
  facts.push_back(hidden("features", schema.features));
  facts.push_back(hidden("inputs", schema.inputs()));
  facts.push_back(hidden("outputs", schema.outputs()));
  facts.push_back(hidden("parameters", run.options.network.parameter_count()));
}

void add_evaluation(Facts& facts, std::string title, std::string_view set, const Evaluation& evaluation) {
  facts.push_back(line(std::move(title), describe(evaluation)));
  add_metrics_of(facts, set, evaluation);
}

}  // namespace

bool has_model(const TrainingResult& result) {
  return result.end != TrainingResult::End::diverged || std::isfinite(result.train.cost);
}

Report run_report(const RunSubject& run, const TrainingResult& result, const std::filesystem::path& model) {
  Report report;
  Facts& facts = report.sections.front();
  add_sizes(facts, run);
  facts.push_back(line(std::string(title_of(result.end)), describe_extent(result)));
  facts.push_back(hidden("epochs", result.epochs));
  facts.push_back(hidden("steps", result.steps));
  if (result.best_epoch)
    facts.push_back(told("best_epoch", "best", *result.best_epoch,
                         fmt::format("epoch {}, whose model is kept", with_separators(*result.best_epoch))));
  add_evaluation(facts, "training", "train", result.train);
  if (result.validation) add_evaluation(facts, "validated", "validation", *result.validation);
  if (result.test) add_evaluation(facts, "test", "test", *result.test);
  facts.push_back(hidden("train_seconds", Duration{result.seconds}));
  facts.push_back(hidden("samples_per_second", Speed{result.samples_per_second}));
  facts.push_back(hidden("device", run.options.training.execution.device.to_string()));
  facts.push_back(hidden("threads", run.options.training.execution.threads));
  facts.push_back(hidden("seed", run.options.training.seed));
  const bool is_written = has_model(result);
  facts.push_back(is_written ? shown("model", "model", model.string()) : hidden("model", {}));
  facts.push_back(hidden("end", std::string(name(result.end))));
  return report;
}

}  // namespace gradus::report
