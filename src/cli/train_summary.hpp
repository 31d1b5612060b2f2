#pragma once

#include <cstddef>
#include <string>

#include "cli/messages.hpp"
#include "cli/train_arguments.hpp"
#include "cli/train_data.hpp"
#include "gradus/trainer.hpp"

namespace gradus::cli {

/// The network, the data, the method, and the baseline: what a constant prediction achieves.
void print_train_summary(const TrainRequest& request, const TrainData& data, const Trainer& trainer, Messages& messages);

/// The request with what the trainer has resolved.
[[nodiscard]] Options resolved_options(const TrainRequest& request, const Trainer& trainer);

/// How many samples a step takes: `full batch`, or `batches of 10`.
[[nodiscard]] std::string describe_batch(std::size_t batch_size, std::size_t samples);

}  // namespace gradus::cli
