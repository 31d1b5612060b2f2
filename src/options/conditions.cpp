#include "options/conditions.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gradus::internal {

Condition with_optimizers(bool OptimizerTraits::*has) {
  std::vector<std::string_view> names;
  for (const Optimizer optimizer : kValues<Optimizer>)
    if (traits_of(optimizer).*has) names.push_back(name(optimizer));
  const auto problem = [has, names](const Options& options) -> std::string {
    const Optimizer chosen = options.training.optimizer.kind;
    if (traits_of(chosen).*has) return {};
    return fmt::format("is for the optimizers {}, and the optimizer is {}", fmt::join(names, ", "), name(chosen));
  };
  return {fmt::format("for {} and {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back()), problem};
}

Condition with_loss(Loss loss) {
  const auto problem = [loss](const Options& options) -> std::string {
    if (options.network.loss == loss) return {};
    return fmt::format("is for the loss {}, and the loss is {}", name(loss), name(options.network.loss));
  };
  return {fmt::format("for {}", name(loss)), problem};
}

Condition with_hidden_layers() {
  return {"", [](const Options& options) -> std::string {
            return options.network.hidden.empty() ? "drops units of hidden layers, and there is no hidden layer" : "";
          }};
}

Condition with_validation() {
  return {"", [](const Options& options) -> std::string {
            if (options.split.has_validation()) return {};
            return "needs a validation set; set `validation_fraction` = 0.1, or `validation` = DATA";
          }};
}

Condition with_distortions() {
  return {"", [](const Options& options) -> std::string {
            if (options.training.augmentation.distortions.is_any()) return {};
            return "is for images that are distorted, and nothing distorts them here: set `shift`, `rotate`, `scale` or "
                   "`elastic`, or `image_size` = none";
          }};
}

Condition without_quantiles() {
  return {"", [](const Options& options) -> std::string {
            if (options.training.preprocessing.normalization != Normalization::quantile) return {};
            return "distorts images before they are scaled, which cannot be combined with `normalize` = quantile";
          }};
}

}  // namespace gradus::internal
