#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "data/prepare/preprocessing.hpp"
#include "gradus/model.hpp"
#include "layers/layer_spec.hpp"

namespace gradus {

/// What a Model shares between its copies, and what a model file holds.
struct ModelState {
  NetworkSpec network;
  DataSchema schema;
  internal::Preprocessing preprocessing;
  TrainingSummary training;
  std::vector<LayerParameters> layers;  ///< as layers_of(network)

  bool operator==(const ModelState&) const = default;
};

namespace internal {

/// What is behind a Model.
struct ModelAccess {
  static Model make(std::shared_ptr<const ModelState> state) { return Model(std::move(state)); }
  static const ModelState& state(const Model& model) { return *model.state_; }
};

[[nodiscard]] inline Model model_of(std::shared_ptr<const ModelState> state) {
  return ModelAccess::make(std::move(state));
}

[[nodiscard]] inline const ModelState& state_of(const Model& model) {
  return ModelAccess::state(model);
}

}  // namespace internal
}  // namespace gradus
