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

/// A part that comes from a source of its own, or is drawn from the data.
std::string describe_part(const Dataset& part, const std::optional<std::string>& source, std::optional<double> fraction,
                          std::string_view of, std::uint64_t seed) {
  const std::string samples = counted(part.samples(), "sample");
  if (source) return fmt::format("{} from {}", samples, printable(*source));
  if (fraction) return fmt::format("{}, {} of {}, drawn by seed {}", samples, percent(*fraction), of, seed);
  return fmt::format("{} that the data brings along", samples);
}

std::string describe_regularisation(const TrainingOptions& options) {
  std::string text;
  if (!options.class_weights.empty()) text += ", class weights";
  if (options.dropout > 0.0) text += fmt::format(", dropout {}", general(options.dropout));
  if (options.weight_decay.value_or(0.0) > 0.0) text += fmt::format(", weight decay {}", general(*options.weight_decay));
  if (options.l1 > 0.0) text += fmt::format(", l1 {}", general(options.l1));
  if (options.l2 > 0.0) text += fmt::format(", l2 {}", general(options.l2));
  if (options.clip_norm) text += fmt::format(", gradients up to {}", general(*options.clip_norm));
  return text;
}

/// What is done to samples.
std::string describe_augmentation(const TrainingOptions& options, std::size_t inputs) {
  std::string text;
  if (options.input_noise > 0.0) text += fmt::format(", input noise {}", general(options.input_noise));
  if (options.mixup > 0.0) text += fmt::format(", mixup {}", general(options.mixup));
  const Distortions& distortions = options.distortions;
  const auto number = [](double value) { return fmt::format("{:.3g}", value); };
  if (distortions.shift > 0.0) text += fmt::format(", shifts of {} pixels", number(distortions.shift));
  if (distortions.rotation > 0.0) text += fmt::format(", rotations of {}°", number(distortions.rotation));
  if (distortions.scaling > 0.0) text += fmt::format(", scalings of {}", number(distortions.scaling));
  if (distortions.elastic > 0.0)
    text += fmt::format(", elastic distortions of {}:{}", number(distortions.elastic), number(distortions.elastic_sigma));
  if (const auto& size = options.image_size) {
    const std::size_t values = inputs / (size->height * size->width);
    text += fmt::format(" of {} x {} pixels", size->height, size->width);
    if (values > 1) text += fmt::format(" with {} values each", values);
  }
  return text;
}

std::string describe_rate(const TrainingOptions& options) {
  std::string text = general(options.learning_rate.value_or(0.0));
  if (options.warmup_epochs > 0) text += fmt::format(" after a warm-up of {}", counted(options.warmup_epochs, "epoch"));
  if (options.schedule.kind != Schedule::Kind::constant) text += fmt::format(" ({})", options.schedule.to_string());
  return text;
}

std::string describe_method(const TrainingOptions& options, const NetworkSpec& network, std::size_t samples) {
  return fmt::format(
      "{}, {}, learning rate {}{}{}, {}, {}, init {}, normalize {}, seed {}", name(network.loss), name(options.optimizer),
      describe_rate(options), describe_regularisation(options), describe_augmentation(options, network.inputs),
      describe_batch(options.batch_size.value_or(samples), samples), counted(options.epochs.value_or(0), "epoch"),
      options.initialization.to_string(), name(options.normalization), options.seed);
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
  if (data.train.task() == Task::multi_label)
    return fmt::format("{} labels {} right (each label always there, or never)", part, percent(base.label_accuracy));
  return fmt::format("{} accuracy {} (always the most frequent class, {})", part, percent(base.accuracy),
                     shortened(data.train.schema().class_names[base.most_frequent_class], 40));
}

/// Those to learn from; all when each is in a test part once.
std::size_t samples_of(const TrainRequest& request, const TrainData& data) {
  if (!request.folds) return data.train.samples();
  return data.train.samples() + data.test->samples() + (request.validation_fraction ? data.validation->samples() : 0);
}

}  // namespace

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
  const std::uint64_t seed = request.training.seed;
  if (data.validation)
    line("validate", describe_part(*data.validation, request.validation, request.validation_fraction,
                                   data.test && request.test_fraction ? "the rest" : "the data", seed));
  if (request.folds)
    line("folds", fmt::format("{}, each once the test part of {}; drawn by seed {}", *request.folds,
                              counted(data.test->samples(), "sample"), seed));
  else if (data.test)
    line("test", describe_part(*data.test, request.test, request.test_fraction, "the data", seed));
  line("network", describe(trainer.network()));
  line("method", describe_method(trainer.options(), trainer.network(), train.samples()));
  line("device", describe_device(trainer.options()));
  line("baseline", describe_baseline(data));
}

}  // namespace gradus::cli
