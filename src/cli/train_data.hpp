#pragma once

#include <optional>

#include "cli/messages.hpp"
#include "cli/train_arguments.hpp"
#include "gradus/loading.hpp"

namespace gradus::cli {

/// What a run is trained on, and what it is evaluated on.
struct TrainData : DataSplits {
  std::optional<Dataset> validation;
};

/// Reads the training set, and the others if there are any, and passes on what the user should know about them.
/// The request's method is then the one for these data.
[[nodiscard]] TrainData load_training_data(TrainRequest& request, Messages& messages);

/// The data of a cross-validation.
class FoldedData {
 public:
  /// Reads all, as load_training_data does.
  FoldedData(const TrainRequest& request, Messages& messages);

  [[nodiscard]] const Dataset& data() const { return data_; }
  /// The samples that a fold does not hold out, with the validation set. The request's method is then the one for these.
  [[nodiscard]] TrainData without_held_out(const Dataset& rest, TrainRequest& request) const;

 private:
  Dataset data_;
  std::optional<Dataset> validation_;
};

}  // namespace gradus::cli
