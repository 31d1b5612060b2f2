#pragma once

#include <memory>
#include <span>

#include "backend/buffer.hpp"
#include "backend/cpu/cpu_dense.hpp"
#include "backend/layer_factory.hpp"

namespace gradus::internal {

/// The layers of the CPU.
class CpuLayers final : public LayerFactory {
 public:
  /// All must outlive it. `upcoming`: see CpuDense.
  CpuLayers(DeviceMemory& memory, ThreadPool& pool, UpcomingSamples& upcoming) : memory_(memory), dense_(pool, upcoming) {}

  [[nodiscard]] std::unique_ptr<Layer> make(const LayerSpec& spec, const LayerUse& use, std::span<const Matrix> parameters,
                                            RandomDraws* draws) override;
  [[nodiscard]] DenseVerbs& dense() override { return dense_; }

  /// The learning rate as it is now, for optimizers.
  [[nodiscard]] const float& rate() const { return dense_.rate(); }

 private:
  DeviceMemory& memory_;
  CpuDense dense_;
};

}  // namespace gradus::internal
