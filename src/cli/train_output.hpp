#pragma once

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/run_folder.hpp"
#include "cli/train_arguments.hpp"
#include "cli/train_data.hpp"
#include "gradus/trainer.hpp"
#include "report/run_subject.hpp"

namespace gradus::cli {

/// The request with what the trainer has resolved.
[[nodiscard]] report::RunSubject subject_of(const TrainRequest& request, const TrainData& data, const Trainer& trainer);

/// The network, the data, the method, and the baseline, on standard error.
void print_setup(const report::RunSubject& run, Messages& messages);

/// The commands that use the model.
void print_next_commands(const Invocation& invocation, const TrainRequest& request, bool has_test_part,
                         const RunFolder& folder, Messages& messages);

}  // namespace gradus::cli
