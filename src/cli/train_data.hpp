#pragma once

#include <optional>

#include "gradus/dataset.hpp"
#include "messages.hpp"
#include "train_arguments.hpp"

namespace gradus::cli {

/// Reads the training part, and the test part if there is one, and passes on what the user should know about them.
[[nodiscard]] DataParts load_training_data(const TrainRequest& request, Messages& messages);

}  // namespace gradus::cli
