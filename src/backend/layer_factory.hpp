#pragma once

#include <memory>
#include <span>

#include "backend/dense_verbs.hpp"
#include "backend/layer.hpp"
#include "backend/random_draws.hpp"
#include "layers/layer_spec.hpp"

namespace gradus::internal {

/// A factory for the layers of networks on a device.
class LayerFactory {
 public:
  LayerFactory() = default;
  LayerFactory(const LayerFactory&) = delete;
  LayerFactory& operator=(const LayerFactory&) = delete;
  virtual ~LayerFactory() = default;

  /// Makes a layer with these parameters: a matrix for each of spec.tensors(). The matrices and `draws` must outlive the
  /// layer. `draws` may be null unless the layer has dropout. Throws OutOfMemory.
  [[nodiscard]] virtual std::unique_ptr<Layer> make(const LayerSpec& spec, const LayerUse& use,
                                                    std::span<const Matrix> parameters, RandomDraws* draws) = 0;

  /// The operations of dense layers. They also have what all layers of a network share: the loss, the learning rate, and the
  /// running total of costs.
  [[nodiscard]] virtual DenseVerbs& dense() = 0;
};

}  // namespace gradus::internal
