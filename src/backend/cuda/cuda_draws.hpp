#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "backend/cuda/cuda_device.hpp"
#include "backend/cuda/device_array.hpp"
#include "backend/random_draws.hpp"

namespace gradus::internal::cuda {

/// Draws on a GPU. The number of visits lives in the GPU's memory, so that a step can be captured and repeated.
class CudaDraws final : public RandomDraws {
 public:
  /// `device` must outlive it.
  explicit CudaDraws(const CudaDevice& device);

  void advance(std::size_t samples) override;
  [[nodiscard]] std::uint64_t save() const override;
  void load(std::uint64_t visits) override;

  void drop(const Dropout& dropout, ConstMatrix y, Matrix dropped, Matrix factors) override;
  void mix(const Mixup& mixup, ConstMatrix x, const ConstWeightedTargets& t, Matrix mixed,
           const WeightedTargets& mixed_t) override;
  void add_noise(const InputNoise& noise, ConstMatrix x, Matrix noisy) override;
  std::unique_ptr<Distorter> make_distorter(const ScaledDistortion& distortion, std::size_t rows) override;

 private:
  const CudaDevice& device_;
  DeviceArray<unsigned long long> visits_;
};

}  // namespace gradus::internal::cuda
