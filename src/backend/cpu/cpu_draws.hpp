#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "backend/buffer.hpp"
#include "backend/cpu/thread_pool.hpp"
#include "backend/random_draws.hpp"

namespace gradus::internal {

/// Draws on the CPU, cut among the threads by samples.
class CpuDraws final : public RandomDraws {
 public:
  /// Both must outlive it.
  CpuDraws(DeviceMemory& memory, ThreadPool& pool) : memory_(memory), pool_(pool) {}

  void advance(std::size_t samples) override { visits_ += samples; }
  [[nodiscard]] std::uint64_t save() const override { return visits_; }
  void load(std::uint64_t visits) override { visits_ = visits; }

  void drop(const Dropout& dropout, ConstMatrix y, Matrix dropped, Matrix factors) override;
  void mix(const Mixup& mixup, ConstMatrix x, const ConstWeightedTargets& t, Matrix mixed,
           const WeightedTargets& mixed_t) override;
  void add_noise(const InputNoise& noise, ConstMatrix x, Matrix noisy) override;
  std::unique_ptr<Distorter> make_distorter(const ScaledDistortion& distortion, std::size_t rows) override;

 private:
  class ImageDistorter;

  DeviceMemory& memory_;
  ThreadPool& pool_;
  std::uint64_t visits_ = 0;
};

}  // namespace gradus::internal
