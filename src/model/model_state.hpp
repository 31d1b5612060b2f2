#pragma once

#include <vector>

#include "data/prepare/preprocessing.hpp"
#include "gradus/model.hpp"

namespace gradus {

/// One layer's parameters on the host.
struct LayerParameters {
  std::vector<float> weights;  // (outputs, inputs), row-major
  std::vector<float> biases;   // (outputs)

  bool operator==(const LayerParameters&) const = default;
};

/// What a Model shares between its copies, and what a model file holds.
struct ModelState {
  NetworkSpec network;
  DataSchema schema;
  internal::Preprocessing preprocessing;
  TrainingSummary training;
  std::vector<LayerParameters> layers;

  bool operator==(const ModelState&) const = default;
};

}  // namespace gradus
