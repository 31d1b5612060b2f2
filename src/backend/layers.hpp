#pragma once

#include <memory>
#include <span>

#include "backend/dense_verbs.hpp"
#include "backend/layer.hpp"
#include "backend/random_draws.hpp"
#include "layers/layer_spec.hpp"

namespace gradus::internal {

/// What makes the layers of a device.
class Layers {
 public:
  Layers() = default;
  Layers(const Layers&) = delete;
  Layers& operator=(const Layers&) = delete;
  virtual ~Layers() = default;

  /// A layer with these parameters, a matrix for each of spec.tensors(), which must outlive it. `draws` must too; it may be
  /// null unless the layer has dropout. Throws OutOfMemory.
  [[nodiscard]] virtual std::unique_ptr<Layer> make(const LayerSpec& spec, const LayerUse& use,
                                                    std::span<const Matrix> parameters, RandomDraws* draws) = 0;

  /// What dense layers are made of; also the loss, the rate of all updates, and the running total of costs.
  [[nodiscard]] virtual DenseVerbs& dense() = 0;
};

}  // namespace gradus::internal
