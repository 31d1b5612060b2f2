#pragma once

#include <memory>
#include <span>

#include "backend/buffer.hpp"
#include "backend/cuda/cuda_dense.hpp"
#include "backend/cuda/cuda_device.hpp"
#include "backend/layer_factory.hpp"

namespace gradus::internal::cuda {

/// The layers of a GPU.
class CudaLayers final : public LayerFactory {
 public:
  /// `memory` and `device` must outlive it. Throws DeviceError, OutOfMemory.
  CudaLayers(DeviceMemory& memory, CudaDevice& device, Precision precision) : memory_(memory), dense_(device, precision) {}

  [[nodiscard]] std::unique_ptr<Layer> make(const LayerSpec& spec, const LayerUse& use, std::span<const Matrix> parameters,
                                            RandomDraws* draws) override;
  [[nodiscard]] DenseVerbs& dense() override { return dense_; }

  [[nodiscard]] const DescentRate& rate() const { return dense_.rate(); }

 private:
  DeviceMemory& memory_;
  CudaDense dense_;
};

}  // namespace gradus::internal::cuda
