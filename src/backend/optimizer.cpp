#include "formulas/optimizer.hpp"

#include "gradus/training_options.hpp"

namespace gradus::internal {

OptimizerSettings::OptimizerSettings(const OptimizerOptions& optimizer, const RegularizationOptions& regularization)
    : kind(optimizer.kind),
      momentum(static_cast<float>(optimizer.momentum)),
      beta1(static_cast<float>(optimizer.beta1)),
      beta2(static_cast<float>(optimizer.beta2.value_or(0.0))),
      epsilon(static_cast<float>(optimizer.epsilon)),
      weight_decay(static_cast<float>(regularization.weight_decay.value_or(0.0))),
      l1(static_cast<float>(regularization.l1)),
      l2(static_cast<float>(regularization.l2)),
      clip_norm(static_cast<float>(optimizer.clip_norm.value_or(0.0))) {}

}  // namespace gradus::internal
