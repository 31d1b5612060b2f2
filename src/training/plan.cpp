#include "training/plan.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "backend/planning.hpp"
#include "base/memory.hpp"
#include "base/utf8.hpp"
#include "base/wording.hpp"
#include "gradus/error.hpp"
#include "inference/inference.hpp"
#include "options/resolve.hpp"
#include "training/sample_weights.hpp"

namespace gradus::internal {
namespace {

/// Steps of small batches are so short that a GPU would wait for the next one. A batch that does not fit at once is long
/// enough by itself.
std::size_t steps_at_once(const Plan& plan) {
  constexpr std::size_t kSamples = 4096;
  if (plan.rows < plan.batch_size()) return 1;
  return std::clamp<std::size_t>(kSamples / plan.batch_size(), 1, Plan::kMostStepsAtOnce);
}

StepOptions step_options(const TrainingOptions& options, std::size_t inputs, bool has_weights) {
  StepOptions step{static_cast<float>(options.regularization.dropout), options.seed, has_weights};
  const AugmentationOptions& changes = options.augmentation;
  step.augmentation = {.seed = options.seed, .mixup = changes.mixup, .input_noise = static_cast<float>(changes.input_noise)};
  if (changes.distortions.is_any())
    step.augmentation.distortion = {
        distortion_of(changes.distortions, changes.image_size.value(), inputs, options.seed), {}, {}};
  return step;
}

/// A model file holds UTF-8 only. Better reported now than after hours of training.
void require_utf8_names(const Dataset& data) {
  constexpr std::size_t kLongest = 40;
  const DataSchema& schema = data.schema();
  std::vector all{&schema.feature_names, &schema.target_names, &schema.class_names};
  for (const Categories& categories : schema.categories) all.push_back(&categories.names);
  for (const auto* names : all)
    for (const std::string& name : *names)
      if (!is_utf8(name))
        throw DataError(
            fmt::format("{}: the name '{}' is not UTF-8 text; convert the file, for instance with "
                        "`iconv -f latin1 -t utf-8`",
                        data.source(), shortened(name, kLongest)));
}

}  // namespace

Plan make_plan(const NetworkSpec& network, const Dataset& data, const TrainingOptions& given) {
  require_utf8_names(data);
  Plan plan{.data = data, .network = resolve_network(network, data.schema())};
  plan.options = resolve_options(given, plan.network, data);
  TrainingOptions& options = plan.options;
  plan.widths = plan.network.widths();
  plan.layers = layers_of(plan.network);
  plan.sample_weights = sample_weights(data, options.class_weights);
  plan.optimizer = OptimizerSettings(options.optimizer, options.regularization);
  plan.step = step_options(options, plan.network.inputs, !plan.sample_weights.empty());
  plan.rows = rows_at_once(plan.widths, plan.batch_size(), floats_at_once(options.execution.device));
  plan.evaluation_rows = evaluation_rows(plan.widths, data.samples(), options.execution.device);
  plan.steps_at_once = steps_at_once(plan);
  plan.has_gradients = plan.rows < plan.batch_size() || !plan.optimizer.is_plain_descent();
  // Partners of a mixture are propagated together: a full batch in the order of the data would mix neighbours only.
  plan.shuffles = plan.batch_size() < data.samples() || (options.augmentation.mixup > 0.0 && plan.rows < data.samples());
  const std::size_t threads = useful_threads(plan.widths, plan.rows, options.execution.threads,
                                             plan.step.augmentation.operations(plan.network.inputs));
  options.execution.threads = options.execution.device.kind == Device::Kind::cpu ? threads : 1;
  return plan;
}

double memory_estimate(const Plan& plan) {
  const auto parameters = static_cast<double>(plan.network.parameter_count());
  double floats = parameters;  // the initial values
  if (plan.options.execution.device.kind == Device::Kind::cpu)
    // Parameters, gradients, two copies to go back to, and the optimizer's running values; then the buffers.
    floats += (4.0 + static_cast<double>(plan.optimizer.moments())) * parameters +
              Propagation::floats(plan.network, plan.rows, Purpose::training, plan.step) +
              static_cast<double>(plan.options.execution.threads) * plan.step.augmentation.scratch() +
              Propagation::floats(plan.network, plan.evaluation_rows, Purpose::evaluation);
  return floats * static_cast<double>(sizeof(float));
}

void require_memory(const Plan& plan) {
  constexpr double kMost = 0x1p62;  // the widths may be anything
  require_memory(static_cast<std::size_t>(std::min(memory_estimate(plan), kMost)),
                 fmt::format("training a network of {} parameters", with_separators(plan.network.parameter_count())));
}

}  // namespace gradus::internal
