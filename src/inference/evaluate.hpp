#pragma once

#include <vector>

#include "backend/backend.hpp"
#include "data/prepare/preprocessing.hpp"
#include "gradus/dataset.hpp"
#include "gradus/evaluation.hpp"
#include "network/propagation.hpp"

namespace gradus::internal {

/// The plan that `evaluate` needs: classes are found where the outputs are.
[[nodiscard]] Purpose purpose_of_evaluation(Task task);

/// How well the network does on data that passed `require_evaluable`, and that is held as `samples`: one epoch over them.
/// Appends the outputs of all samples to `all_outputs`, (samples, outputs) row-major, unless that is null.
[[nodiscard]] Evaluation evaluate(Backend& backend, Propagation& propagation, Samples& samples,
                                  const Preprocessing& preprocessing, const Dataset& data,
                                  std::vector<float>* all_outputs = nullptr);

}  // namespace gradus::internal
