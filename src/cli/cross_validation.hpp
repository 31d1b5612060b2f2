#pragma once

#include "cli/messages.hpp"
#include "cli/train_arguments.hpp"

namespace gradus::cli {

/// Trains once for each fold, measures each network on the samples that it has not seen, and prints mean and deviation of
/// the figures. Writes no model. Returns the exit code.
[[nodiscard]] int cross_validate(TrainRequest& request, Messages& messages);

}  // namespace gradus::cli
