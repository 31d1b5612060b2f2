#include "training/resolve.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

/// The method's classic rate where the outputs are sigmoids of a classification, and a careful one elsewhere.
double default_learning_rate(const NetworkSpec& network, Task task) {
  const bool classic = task == Task::classification && network.loss == Loss::mse &&
                       network.output_activation == Activation::sigmoid &&
                       (network.hidden.empty() || network.activation == Activation::sigmoid);
  return classic ? 3.0 : 0.1;
}

}  // namespace

NetworkSpec resolve_network(NetworkSpec network, const DataSchema& schema) {
  if (network.inputs == 0) network.inputs = schema.features;
  if (network.outputs == 0) network.outputs = schema.outputs();
  if (network.inputs != schema.features)
    throw DataError(fmt::format("the data has {} features, and the network {} inputs", schema.features, network.inputs));
  if (network.outputs != schema.outputs())
    throw DataError(fmt::format("the data has {} {}, and the network {} outputs", schema.outputs(),
                                schema.task == Task::classification ? "classes" : "targets", network.outputs));
  if (std::ranges::find(network.hidden, std::size_t{0}) != network.hidden.end())
    throw UsageError("a hidden layer has no nodes; every width must be at least 1");
  if (!network.output_activation)
    network.output_activation = schema.task == Task::classification ? Activation::sigmoid : Activation::identity;
  static_cast<void>(network.parameter_count());  // throws when it cannot be counted
  return network;
}

TrainingOptions resolve_options(TrainingOptions options, const NetworkSpec& network, const Dataset& data) {
  const auto at_least_one = [](const std::optional<std::size_t>& value, std::string_view what) {
    if (value == std::size_t{0}) throw UsageError(fmt::format("{} must be at least 1", what));
  };
  at_least_one(options.batch_size, "the batch size");
  at_least_one(options.epochs, "the number of epochs");
  at_least_one(options.report_every, "the number of epochs between reports");
  const auto usable = [](double value) {
    return static_cast<float>(value) > 0.0F && std::isfinite(static_cast<float>(value));
  };
  if (options.initialization.kind == Initialization::Kind::uniform && !usable(options.initialization.range))
    throw UsageError(fmt::format("the range {} of uniform initial values must be above 0 and finite as a 32-bit float",
                                 options.initialization.range));

  options.device = resolve(options.device);
  if (options.device.kind == Device::Kind::cpu && options.precision != Precision::fp32)
    throw UsageError(
        fmt::format("the precision {} needs a GPU, and the device is the CPU; use fp32", name(options.precision)));

  if (!options.learning_rate) options.learning_rate = default_learning_rate(network, data.task());
  if (!usable(*options.learning_rate))
    throw UsageError(
        fmt::format("the learning rate {} must be above 0 and finite as a 32-bit float", *options.learning_rate));
  const bool full = !options.batch_size || *options.batch_size >= data.samples();
  if (!options.epochs) options.epochs = options.batch_size ? 30 : 1000;
  options.batch_size = full ? data.samples() : *options.batch_size;
  constexpr std::size_t kReports = 30;
  if (!options.report_every) options.report_every = std::max<std::size_t>(1, (*options.epochs + kReports - 1) / kReports);
  return options;
}

}  // namespace gradus::internal
