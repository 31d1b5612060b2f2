#include "options/resolve.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "backend/distortion.hpp"
#include "base/wording.hpp"
#include "formulas/optimizer.hpp"
#include "gradus/error.hpp"
#include "gradus/metrics.hpp"
#include "options/row.hpp"

namespace gradus::internal {
namespace {

/// The output layer's activation that a loss needs: that of an entropy is part of its formula.
std::optional<Activation> activation_of(Loss loss) {
  if (loss == Loss::cross_entropy) return Activation::softmax;
  if (loss == Loss::binary_cross_entropy) return Activation::sigmoid;
  return std::nullopt;
}

/// The losses that take any outputs: `mse, huber or mae`.
std::string losses_for_numbers() {
  std::vector<std::string_view> names;
  for (const Loss loss : kValues<Loss>)
    if (!activation_of(loss)) names.push_back(name(loss));
  return alternatives(names);
}

/// The method's classic rate where the outputs are sigmoids of a classification, and careful ones elsewhere.
double default_learning_rate(const NetworkSpec& network, Task task, Optimizer optimizer) {
  const bool classic = task != Task::regression && network.loss == Loss::mse &&
                       network.output_activation == Activation::sigmoid &&
                       (network.hidden.empty() || network.activation == Activation::sigmoid);
  const bool is_sgd = optimizer == Optimizer::sgd;
  if (is_sgd && classic) return 3.0;
  // An entropy's gradients are smaller: no derivative of the outputs is in them.
  if (is_sgd && activation_of(network.loss)) return 0.5;
  return traits_of(optimizer).learning_rate;
}

/// Above 0 and finite as a 32-bit float, in which training computes.
bool is_usable(double value) {
  return static_cast<float>(value) > 0.0F && std::isfinite(static_cast<float>(value));
}

/// Throws UsageError where a field has a value that its option cannot have.
void check_ranges(const NetworkSpec& network, const TrainingOptions& training) {
  Options options;
  options.network = network;
  options.training = training;
  for (const Row& row : rows()) row.check(options);
}

void check_functions(const NetworkSpec& network, Task task) {
  const Activation output = network.output_activation.value();
  if (!network.hidden.empty() && network.activation == Activation::softmax)
    throw UsageError("softmax is for the output layer; give the hidden layers another activation, such as relu");
  const auto needed = activation_of(network.loss);
  if (needed && task == Task::regression)
    throw UsageError(fmt::format("the loss {} is for classification{}, and the targets are numbers; use {}",
                                 name(network.loss), network.loss == Loss::binary_cross_entropy ? " and labels" : "",
                                 losses_for_numbers()));
  if (network.loss == Loss::cross_entropy && task == Task::multi_label)
    throw UsageError(
        "the loss cross-entropy is for one class per sample, and samples have several labels; use "
        "binary-cross-entropy");
  if (output == Activation::softmax && task == Task::multi_label)
    throw UsageError("softmax outputs are for one class per sample, and samples have several labels; use sigmoid");
  if (needed && output != *needed)
    throw UsageError(fmt::format("the loss {} needs outputs that are {}, and they are {}", name(network.loss), name(*needed),
                                 name(output)));
  if (!needed && output == Activation::softmax)
    throw UsageError(fmt::format("softmax outputs need the loss cross-entropy, and the loss is {}", name(network.loss)));
  if (network.label_smoothing > 0.0 && network.loss != Loss::cross_entropy)
    throw UsageError(fmt::format("`label_smoothing` is for the loss cross-entropy, and the loss is {}", name(network.loss)));
}

void resolve_optimizer(TrainingOptions& options, const NetworkSpec& network, Task task) {
  const Optimizer kind = options.optimizer.kind;
  if (!options.optimizer.learning_rate) options.optimizer.learning_rate = default_learning_rate(network, task, kind);
  if (!options.optimizer.beta2) options.optimizer.beta2 = default_beta2(kind);
  if (!options.regularization.weight_decay) options.regularization.weight_decay = kind == Optimizer::adamw ? 0.01 : 0.0;
}

/// The metrics that can be monitored for a task: `cost, rmse or mae`.
std::string monitors_of(Task task) {
  std::vector<std::string_view> names;
  for (const std::string_view monitor : kNames<Monitor>)
    if (find_metric(monitor)->is_for(task)) names.push_back(monitor);
  return alternatives(names);
}

void check_stopping(const StoppingOptions& stopping, Task task) {
  const Metric& metric = metric_of(stopping.monitor);
  if (!metric.is_for(task))
    throw UsageError(fmt::format("`monitor`: the metric {} does not exist for {}; use {}", metric.key,
                                 task == Task::multi_label ? "multi-label models" : name(task), monitors_of(task)));
  const bool is_fraction = metric.format == Metric::Format::samples || metric.format == Metric::Format::percentage;
  if (stopping.stop_at && is_fraction && !(*stopping.stop_at > 0.0 && *stopping.stop_at <= 1.0))
    throw UsageError(fmt::format("`stop_at` is the {} {}; give a fraction, such as 0.97", metric.title, *stopping.stop_at));
}

/// The size of the images that are to be distorted.
ImageSize require_images(const std::optional<ImageSize>& given, const Dataset& data) {
  const std::optional<ImageSize> size = given ? given : data.image_size();
  const std::size_t features = data.features();
  const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(features))));
  if (!size)
    throw UsageError(
        fmt::format("{}: distortions need the size of the images, which the data does not give; set `image_size` = {}",
                    data.source(), side * side == features ? fmt::format("{0}x{0}", side) : "HEIGHTxWIDTH"));
  constexpr std::size_t kMostSide = Distortion::kMostSide;
  if (size->height > kMostSide || size->width > kMostSide)
    throw UsageError(fmt::format("images of {} x {} pixels are too large to be distorted; a side may have {}", size->height,
                                 size->width, kMostSide));
  const bool divides = size->height > 0 && size->width > 0 && size->height <= features && features % size->height == 0 &&
                       features / size->height % size->width == 0;
  if (!divides)
    throw UsageError(
        fmt::format("images of {} x {} pixels do not fit samples of {} features", size->height, size->width, features));
  return *size;
}

void resolve_augmentation(AugmentationOptions& augmentation, Normalization normalization, const Dataset& data) {
  if (!augmentation.distortions.is_any()) {
    augmentation.image_size.reset();
    return;
  }
  augmentation.image_size = require_images(augmentation.image_size, data);
  if (normalization == Normalization::quantile || data.schema().inputs() != data.features())
    throw UsageError(
        "image distortions cannot be combined with quantile normalization, categorical features or missing-value "
        "indicators, "
        "since images are distorted before they are scaled; switch them off with `shift` = 0 and `elastic` = 0");
}

void check_class_weights(const std::vector<double>& weights, const Dataset& data) {
  if (weights.empty()) return;
  if (data.task() != Task::classification) throw UsageError("`class_weights` are for samples that have one class each");
  const std::vector<std::string>& names = data.schema().class_names;
  if (weights.size() != names.size())
    throw UsageError(fmt::format("{} class weights for {} classes", weights.size(), names.size()));
  for (std::size_t k = 0; k < weights.size(); ++k)
    if (!(weights[k] >= 0.0 && std::isfinite(static_cast<float>(weights[k]))))
      throw UsageError(
          fmt::format("the weight of the class {} is {}, and must be finite and at least 0", names[k], weights[k]));
}

}  // namespace

double default_beta2(Optimizer optimizer) {
  return optimizer == Optimizer::rmsprop ? 0.99 : 0.999;
}

NetworkSpec resolve_network(NetworkSpec network, const DataSchema& schema) {
  if (network.inputs == 0) network.inputs = schema.inputs();
  if (network.outputs == 0) network.outputs = schema.outputs();
  if (network.inputs != schema.inputs())
    throw DataError(fmt::format("the data has {} inputs, and the network {}", schema.inputs(), network.inputs));
  if (network.outputs != schema.outputs())
    throw DataError(fmt::format("the data has {} {}, and the network {} outputs", schema.outputs(),
                                schema.task == Task::classification ? "classes"
                                : schema.task == Task::regression   ? "targets"
                                                                    : "labels",
                                network.outputs));
  Codec<std::vector<std::size_t>>::check("hidden", network.hidden);
  if (!network.output_activation) network.output_activation = activation_of(network.loss);
  if (!network.output_activation)
    network.output_activation = schema.task == Task::regression ? Activation::identity : Activation::sigmoid;
  check_functions(network, schema.task);
  static_cast<void>(network.parameter_count());  // throws when it cannot be counted
  return network;
}

TrainingOptions resolve_options(TrainingOptions options, const NetworkSpec& network, const Dataset& data) {
  check_ranges(network, options);
  if (options.initialization.kind == Initialization::Kind::uniform && !is_usable(options.initialization.range))
    throw UsageError(fmt::format("the range {} of uniform initial values must be above 0 and finite as a 32-bit float",
                                 options.initialization.range));

  ExecutionOptions& execution = options.execution;
  execution.device = resolve(execution.device);
  if (execution.device.kind == Device::Kind::cpu && execution.precision != Precision::fp32)
    throw UsageError(
        fmt::format("the precision {} needs a GPU, and the device is the CPU; use fp32", name(execution.precision)));

  resolve_optimizer(options, network, data.task());
  if (options.regularization.dropout > 0.0 && network.hidden.empty())
    throw UsageError("`dropout` drops units of hidden layers, and there is no hidden layer");
  check_schedule(options.schedule);
  check_stopping(options.stopping, data.task());
  resolve_augmentation(options.augmentation, options.preprocessing.normalization, data);
  check_class_weights(options.class_weights, data);
  const bool full = !options.batch_size || *options.batch_size >= data.samples();
  if (!options.epochs) options.epochs = options.batch_size ? 30 : 1000;
  options.batch_size = full ? data.samples() : *options.batch_size;
  if (options.augmentation.mixup > 0.0 && *options.batch_size < 2)
    throw UsageError("`mixup` mixes the samples of a batch, and a batch has one sample");
  if (options.warmup_epochs >= *options.epochs)
    throw UsageError(fmt::format("`warmup` ({} epochs) must be shorter than the run ({} epochs)", options.warmup_epochs,
                                 *options.epochs));
  constexpr std::size_t kReports = 30;
  if (!options.report_every) options.report_every = std::max<std::size_t>(1, (*options.epochs + kReports - 1) / kReports);
  return options;
}

}  // namespace gradus::internal
