#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "cli/messages.hpp"
#include "cli/train_arguments.hpp"
#include "gradus/loading.hpp"

namespace gradus::cli {

/// What a run learns from, and what it is measured on.
struct TrainData : DataParts {
  std::optional<Dataset> validation;
};

/// Reads the training part, and the others if there are any, and passes on what the user should know about them.
/// The request's method is then the one for these data.
[[nodiscard]] TrainData load_training_data(TrainRequest& request, Messages& messages);

/// The data of a cross-validation.
class FoldedData {
 public:
  /// Reads all, as load_training_data does. Throws UsageError for more folds than samples.
  FoldedData(const TrainRequest& request, Messages& messages);

  [[nodiscard]] const Dataset& data() const { return data_; }
  /// One fold as the test part, and the others to learn from. The request's method is then the one for these.
  [[nodiscard]] TrainData fold(std::size_t index, TrainRequest& request) const;

 private:
  Dataset data_;
  std::optional<Dataset> validation_;
  std::vector<std::pair<Dataset, Dataset>> folds_;
};

}  // namespace gradus::cli
