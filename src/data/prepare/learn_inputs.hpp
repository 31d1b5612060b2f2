#pragma once

#include "data/prepare/preprocessing.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// Learns from the training set what InputEncoder needs and how its inputs are scaled: everything of `preprocessing` but
/// the targets, by its normalization.
void learn_inputs(const Dataset& train, Preprocessing& preprocessing);

}  // namespace gradus::internal
