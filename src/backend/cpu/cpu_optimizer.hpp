#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "backend/buffer.hpp"
#include "backend/cpu/optimizer_kernels.hpp"
#include "backend/cpu/thread_pool.hpp"
#include "backend/optimizer.hpp"

namespace gradus::internal {

/// An optimizer on the CPU: one pass over all parameters, cut among the threads; before it one for the gradients' length if
/// they are clipped, and after it one for LAMB.
class CpuOptimizer final : public ParameterOptimizer {
 public:
  /// A step takes the value that `rate` has then. The first three must outlive this.
  CpuOptimizer(DeviceMemory& memory, ThreadPool& pool, const float& rate, const OptimizerSettings& settings,
               ParameterPlan plan);

  void step(std::span<float> gradients, std::span<float> parameters) override;
  [[nodiscard]] OptimizerValues save() const override;
  void load(const OptimizerValues& values) override;

 private:
  /// Calls work(first, size) for parts of `size` values from `first` on, on all threads that help.
  template <typename Work>
  void in_parts(std::size_t first, std::size_t size, Work work);
  /// Added up part by part in their order: it does not depend on who ends first.
  [[nodiscard]] double squares(std::span<const float> values);
  void take(const OptimizerPass& pass, std::size_t first, std::size_t size, std::span<float> gradients,
            std::span<float> parameters);
  void adapt_lengths(std::span<const float> directions, std::span<float> parameters);
  [[nodiscard]] OptimizerSlice slice(std::size_t first, std::size_t size, std::span<float> gradients,
                                     std::span<float> parameters);

  ThreadPool& pool_;
  const float& rate_;
  OptimizerSettings settings_;
  ParameterPlan plan_;
  Buffer first_;
  Buffer second_;
  std::uint64_t steps_ = 0;
  std::vector<double> sums_;  // one per thread
};

}  // namespace gradus::internal
