#pragma once

#include "formulas/optimizer.hpp"
#include "options/row.hpp"

// When options have an effect. Each condition says what stands in its way, as the end of "`dropout` …".
namespace gradus::internal {

/// An optimizer that has this number, such as `&OptimizerTraits::has_momentum`.
[[nodiscard]] Condition with_optimizers(bool OptimizerTraits::*has);
[[nodiscard]] Condition with_loss(Loss loss);
[[nodiscard]] Condition with_hidden_layers();
/// A validation set, which decides something.
[[nodiscard]] Condition with_validation();
/// Images that are distorted.
[[nodiscard]] Condition with_distortions();
/// Inputs that are scaled in a way that distorted images can be.
[[nodiscard]] Condition without_quantiles();

}  // namespace gradus::internal
