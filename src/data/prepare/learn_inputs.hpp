#pragma once

#include "data/prepare/preprocessing.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// Learns from the training set what InputEncoder needs and how its inputs are scaled: everything of `preprocessing` but
/// the targets, by its normalization.
void learn_inputs(const Dataset& train, Preprocessing& preprocessing);

/// Whether a normalization is learnt from all values of a column, and not from its ColumnStatistics alone.
[[nodiscard]] bool needs_values(Normalization normalization);

}  // namespace gradus::internal
