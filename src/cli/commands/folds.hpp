#pragma once

#include "cli/messages.hpp"
#include "cli/train_arguments.hpp"

namespace gradus::cli {

/// `gradus train --folds K`: trains once for each fold, evaluates each network on the samples that it has not seen, and
/// prints mean and deviation of the metrics. Writes no model. Ctrl-C ends it after the step under way; the finished folds
/// are printed. Returns the exit code.
[[nodiscard]] int train_folds(TrainRequest& request, Messages& messages);

}  // namespace gradus::cli
