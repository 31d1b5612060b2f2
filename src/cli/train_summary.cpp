#include "train_summary.hpp"

#include <string>

#include <fmt/format.h>

#include "baseline.hpp"
#include "network_text.hpp"
#include "text.hpp"

namespace gradus::cli {
namespace {

std::string describe_outputs(const DataSchema& schema) {
  if (schema.task == Task::classification) return counted(schema.outputs(), "class", "classes");
  if (schema.targets == 1 && !schema.target_names.empty())
    return fmt::format("regression of {}", shortened(schema.target_names.front(), 40));
  return fmt::format("regression of {}", counted(schema.targets, "target"));
}

std::string describe_test(const TrainRequest& request, const Dataset& test) {
  const std::string samples = counted(test.samples(), "sample");
  if (request.test) return fmt::format("{} from {}", samples, printable(*request.test));
  if (request.test_fraction)
    return fmt::format("{}, {} of the data, drawn by seed {}", samples, percent(*request.test_fraction),
                       request.training.seed);
  return fmt::format("{} that the data brings along", samples);
}

std::string describe_method(const TrainingOptions& options, std::size_t samples) {
  return fmt::format("{}, learning rate {}, {}, {}, init {}, normalize {}, seed {}", name(options.optimizer),
                     general(options.learning_rate.value_or(0.0)),
                     describe_batch(options.batch_size.value_or(samples), samples),
                     counted(options.epochs.value_or(0), "epoch"), options.initialization.to_string(),
                     name(options.normalization), options.seed);
}

std::string describe_device(const TrainingOptions& options) {
  std::string text = options.device.to_string();
  if (options.device.kind == Device::Kind::cpu) text += fmt::format(", {}", counted(options.threads, "thread"));
  return fmt::format("{}, {}", text, name(options.precision));
}

std::string describe_baseline(const DataParts& data) {
  const Dataset& measured = data.test ? *data.test : data.train;
  const std::string_view part = data.test ? "test" : "training";
  const Baseline base = baseline(data.train, measured);
  if (data.train.task() == Task::regression) return fmt::format("{} RMSE {} (always the mean)", part, general(base.rmse));
  return fmt::format("{} accuracy {} (always the most frequent class, {})", part, percent(base.accuracy),
                     shortened(data.train.schema().class_names[base.most_frequent_class], 40));
}

}  // namespace

std::string describe_batch(std::size_t batch_size, std::size_t samples) {
  if (batch_size >= samples) return "full batch";
  return fmt::format("batches of {}", with_separators(batch_size));
}

void print_train_summary(const TrainRequest& request, const DataParts& data, const Trainer& trainer, Messages& messages) {
  if (messages.quiet()) return;  // the baseline goes through all targets
  const auto line = [&](std::string_view what, const std::string& text) {
    messages.line(fmt::format("{}{}", messages.bold(aligned_left(what, 10)), text));
  };
  const Dataset& train = data.train;
  line("data", fmt::format("{}: {}, {}, {}", printable(train.source()), counted(train.samples(), "sample"),
                           counted(train.features(), "feature"), describe_outputs(train.schema())));
  if (data.test) line("test", describe_test(request, *data.test));
  line("network", describe(trainer.network()));
  line("method", describe_method(trainer.options(), train.samples()));
  line("device", describe_device(trainer.options()));
  line("baseline", describe_baseline(data));
}

}  // namespace gradus::cli
