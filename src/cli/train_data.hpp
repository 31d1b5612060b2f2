#pragma once

#include <optional>

#include "gradus/dataset.hpp"
#include "messages.hpp"
#include "train_arguments.hpp"

namespace gradus::cli {

/// What a run learns from, and what it is measured on.
struct TrainData : DataParts {
  std::optional<Dataset> validation;
};

/// Reads the training part, and the others if there are any, and passes on what the user should know about them.
/// The request's method is then the one for these data.
[[nodiscard]] TrainData load_training_data(TrainRequest& request, Messages& messages);

}  // namespace gradus::cli
