#pragma once

#include <string>

#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/messages.hpp"
#include "cli/run_folder.hpp"
#include "cli/train_arguments.hpp"
#include "cli/train_data.hpp"
#include "gradus/model.hpp"
#include "gradus/trainer.hpp"

namespace gradus::cli {

/// options.json: every option as it was resolved, the version, the device.
[[nodiscard]] Json options_to_json(const TrainRequest& request, const Trainer& trainer, const TrainData& data);

/// Whether there is a model to write: none when the cost was not finite from the beginning.
[[nodiscard]] bool has_model(const TrainingResult& result);

/// The commands that use the model.
void print_next_commands(const Invocation& invocation, const TrainRequest& request, bool has_test_part,
                         const RunFolder& folder, Messages& messages);

}  // namespace gradus::cli
