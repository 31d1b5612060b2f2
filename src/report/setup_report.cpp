#include "report/setup_report.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "report/baseline.hpp"
#include "report/columns_text.hpp"
#include "report/network_facts.hpp"
#include "report/option_facts.hpp"
#include "report/words.hpp"

namespace gradus::report {
namespace {

constexpr std::size_t kLongestName = 40;

std::string describe_outputs(const DataSchema& schema) {
  if (schema.task == Task::classification) return counted(schema.outputs(), "class", "classes");
  if (schema.task == Task::multi_label) return counted(schema.targets, "label");
  if (schema.targets == 1 && !schema.target_names.empty())
    return fmt::format("regression of {}", shortened(schema.target_names.front(), kLongestName));
  return fmt::format("regression of {}", counted(schema.targets, "target"));
}

/// The number of training samples; with folds all samples, since each is in a test set once.
std::size_t samples_of(const RunSubject& run) {
  const SplitOptions& split = run.options.split;
  if (!split.folds) return run.train.samples();
  return run.train.samples() + run.test->samples() + (split.validation_fraction ? run.validation->samples() : 0);
}

void add_data(Facts& facts, const RunSubject& run) {
  const DataSchema& schema = run.train.schema();
  const std::size_t samples = samples_of(run);
  facts.push_back(hidden("task", std::string(name(schema.task))));
  facts.push_back(hidden("data", run.data));
  facts.push_back(told("samples", "data", samples,
                       fmt::format("{}: {}, {}, {}", printable(run.train.source()), counted(samples, "sample"),
                                   counted(schema.features, "feature"), describe_outputs(schema))));
  facts.push_back(hidden("features", schema.features));
  const std::string columns = describe_columns(schema);
  facts.push_back(told("inputs", columns.empty() ? "" : "inputs", schema.inputs(), columns));
  facts.push_back(hidden("outputs", schema.outputs()));
}

/// A set that comes from a source of its own, or is drawn from the data.
std::string describe_part(const Dataset& part, const std::optional<std::string>& source, std::optional<double> fraction,
                          std::string_view of, std::uint64_t seed) {
  const std::string samples = counted(part.samples(), "sample");
  if (source) return fmt::format("{} from {}", samples, printable(*source));
  if (fraction) return fmt::format("{}, {} of {}, drawn by seed {}", samples, percent(*fraction), of, seed);
  return fmt::format("{} from the data's own test set", samples);
}

void add_held_out(Facts& facts, const RunSubject& run) {
  const SplitOptions& split = run.options.split;
  const std::uint64_t seed = run.options.training.seed;
  if (run.validation)
    facts.push_back(told("validation_samples", "validate", run.validation->samples(),
                         describe_part(*run.validation, split.validation, split.validation_fraction,
                                       run.test && split.test_fraction ? "the rest" : "the data", seed)));
  if (split.folds)
    facts.push_back(told("folds", "folds", *split.folds,
                         fmt::format("{}, each once the test set of {}; drawn by seed {}", *split.folds,
                                     counted(run.test->samples(), "sample"), seed)));
  else if (run.test)
    facts.push_back(told("test_samples", "test", run.test->samples(),
                         describe_part(*run.test, split.test, split.test_fraction, "the data", seed)));
}

void add_device(Facts& facts, const ExecutionOptions& options) {
  const std::string device = options.device.to_string();
  const std::string precision(name(options.precision));
  const bool has_threads = options.device.kind == Device::Kind::cpu;
  const std::string threads = has_threads ? fmt::format(", {}", counted(options.threads, "thread")) : "";
  facts.push_back(told("device", "device", device, fmt::format("{}{}, {}", device, threads, precision)));
  facts.push_back(hidden("threads", options.threads));
  facts.push_back(hidden("precision", precision));
}

/// The metrics of the constant prediction, under the keys that the model's own have in a report of the run.
void add_baseline(Facts& facts, const RunSubject& run) {
  const Baseline base = baseline(run.train, run.test ? *run.test : run.train);
  const std::string_view part = run.test ? "test" : "training";
  Facts values;
  std::string text;
  switch (run.train.task()) {
    case Task::classification: {
      const std::string& most_frequent = run.train.schema().class_names[base.most_frequent_class];
      values = {hidden("accuracy", Number{base.accuracy, Metric::Format::samples}), hidden("class", most_frequent)};
      text = fmt::format("{} accuracy {} (always the most frequent class, {})", part, percent(base.accuracy),
                         shortened(most_frequent, kLongestName));
      break;
    }
    case Task::multi_label:
      values = {hidden("label_accuracy", Number{base.label_accuracy, Metric::Format::percentage})};
      text = fmt::format("{} labels {} right (each label always there, or never)", part, percent(base.label_accuracy));
      break;
    case Task::regression:
      values = {hidden("rmse", Number{base.rmse})};
      text = fmt::format("{} RMSE {} (always the mean)", part, general(base.rmse));
      break;
  }
  facts.push_back(told("baseline", "baseline", std::move(values), std::move(text)));
}

}  // namespace

Report setup_report(const RunSubject& run) {
  Report report;
  Facts& facts = report.sections.front();
  add_data(facts, run);
  add_held_out(facts, run);
  add_network(facts, run.options.network);
  facts.push_back(told("options", "method", option_facts(option_values(run.options)),
                       describe_method(run.options, run.train.samples())));
  add_device(facts, run.options.training.execution);
  facts.push_back(hidden("seed", run.options.training.seed));
  add_baseline(facts, run);
  return report;
}

}  // namespace gradus::report
