#include "formulas/optimizer.hpp"

#include "gradus/training_options.hpp"

namespace gradus::internal {

OptimizerSettings::OptimizerSettings(const TrainingOptions& options)
    : kind(options.optimizer),
      momentum(static_cast<float>(options.momentum)),
      beta1(static_cast<float>(options.beta1)),
      beta2(static_cast<float>(options.beta2.value_or(0.0))),
      epsilon(static_cast<float>(options.epsilon)),
      weight_decay(static_cast<float>(options.weight_decay.value_or(0.0))),
      l1(static_cast<float>(options.l1)),
      l2(static_cast<float>(options.l2)),
      clip_norm(static_cast<float>(options.clip_norm.value_or(0.0))) {}

}  // namespace gradus::internal
