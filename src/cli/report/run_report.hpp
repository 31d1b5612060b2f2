#pragma once

#include "cli/report/facts.hpp"
#include "cli/run_folder.hpp"
#include "cli/train_arguments.hpp"
#include "cli/train_data.hpp"
#include "gradus/trainer.hpp"

namespace gradus::cli {

/// How a run ended, and how well its model does on each set of samples.
[[nodiscard]] Report run_report(const TrainRequest& request, const Trainer& trainer, const TrainData& data,
                                const TrainingResult& result, const RunFolder& folder);

}  // namespace gradus::cli
