#include "cli/train_summary.hpp"

#include <string>

#include <fmt/format.h>

#include "cli/baseline.hpp"
#include "cli/inspection.hpp"
#include "cli/network_text.hpp"
#include "cli/text.hpp"

namespace gradus::cli {
namespace {

std::string describe_outputs(const DataSchema& schema) {
  if (schema.task == Task::classification) return counted(schema.outputs(), "class", "classes");
  if (schema.task == Task::multi_label) return counted(schema.targets, "label");
  if (schema.targets == 1 && !schema.target_names.empty())
    return fmt::format("regression of {}", shortened(schema.target_names.front(), 40));
  return fmt::format("regression of {}", counted(schema.targets, "target"));
}

/// A set that comes from a source of its own, or is drawn from the data.
std::string describe_part(const Dataset& part, const std::optional<std::string>& source, std::optional<double> fraction,
                          std::string_view of, std::uint64_t seed) {
  const std::string samples = counted(part.samples(), "sample");
  if (source) return fmt::format("{} from {}", samples, printable(*source));
  if (fraction) return fmt::format("{}, {} of {}, drawn by seed {}", samples, percent(*fraction), of, seed);
  return fmt::format("{} from the data's own test set", samples);
}

std::string describe_device(const ExecutionOptions& execution) {
  std::string text = execution.device.to_string();
  if (execution.device.kind == Device::Kind::cpu) text += fmt::format(", {}", counted(execution.threads, "thread"));
  return fmt::format("{}, {}", text, name(execution.precision));
}

std::string describe_baseline(const DataSplits& data) {
  const Dataset& measured = data.test ? *data.test : data.train;
  const std::string_view part = data.test ? "test" : "training";
  const Baseline base = baseline(data.train, measured);
  if (data.train.task() == Task::regression) return fmt::format("{} RMSE {} (always the mean)", part, general(base.rmse));
  if (data.train.task() == Task::multi_label)
    return fmt::format("{} labels {} right (each label always there, or never)", part, percent(base.label_accuracy));
  return fmt::format("{} accuracy {} (always the most frequent class, {})", part, percent(base.accuracy),
                     shortened(data.train.schema().class_names[base.most_frequent_class], 40));
}

/// The number of training samples; with folds all samples, since each is in a test set once.
std::size_t samples_of(const TrainRequest& request, const TrainData& data) {
  const SplitOptions& split = request.options.split;
  if (!split.folds) return data.train.samples();
  return data.train.samples() + data.test->samples() + (split.validation_fraction ? data.validation->samples() : 0);
}

}  // namespace

Options resolved_options(const TrainRequest& request, const Trainer& trainer) {
  Options options = request.options;
  options.network = trainer.network();
  options.training = trainer.options();
  return options;
}

std::string describe_batch(std::size_t batch_size, std::size_t samples) {
  if (batch_size >= samples) return "full batch";
  return fmt::format("batches of {}", with_separators(batch_size));
}

void print_train_summary(const TrainRequest& request, const TrainData& data, const Trainer& trainer, Messages& messages) {
  if (messages.quiet()) return;  // the baseline goes through all targets
  const auto line = [&](std::string_view what, const std::string& text) {
    messages.line(fmt::format("{}{}", messages.bold(aligned_left(what, 10)), text));
  };
  const Dataset& train = data.train;
  line("data", fmt::format("{}: {}, {}, {}", printable(train.source()), counted(samples_of(request, data), "sample"),
                           counted(train.features(), "feature"), describe_outputs(train.schema())));
  if (const std::string columns = describe_columns(train.schema()); !columns.empty()) line("inputs", columns);
  const SplitOptions& split = request.options.split;
  const std::uint64_t seed = request.options.training.seed;
  if (data.validation)
    line("validate", describe_part(*data.validation, split.validation, split.validation_fraction,
                                   data.test && split.test_fraction ? "the rest" : "the data", seed));
  if (split.folds)
    line("folds", fmt::format("{}, each once the test set of {}; drawn by seed {}", *split.folds,
                              counted(data.test->samples(), "sample"), seed));
  else if (data.test)
    line("test", describe_part(*data.test, split.test, split.test_fraction, "the data", seed));
  line("network", describe(trainer.network()));
  line("method", describe_method(resolved_options(request, trainer), train.samples()));
  line("device", describe_device(trainer.options().execution));
  line("baseline", describe_baseline(data));
}

}  // namespace gradus::cli
