#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "backend/backend.hpp"
#include "backend/cuda/cuda_device.hpp"
#include "backend/cuda/cuda_verbs.hpp"
#include "gradus/device.hpp"

namespace gradus::internal::cuda {

/// An NVIDIA GPU. All work goes into one stream, so verbs run in the order of their calls, and only those wait for the GPU
/// that say so.
class CudaBackend final : public Backend {
 public:
  /// On the GPU of this number, with blocks of this many threads. Throws DeviceError, OutOfMemory.
  CudaBackend(int index, Precision precision, unsigned block = kernels::kStreamingGrid.block);

  [[nodiscard]] const CudaDevice& device() const { return device_; }
  [[nodiscard]] const Gpu& gpu() const { return device_.gpu(); }

  float* take(std::size_t count) override;
  void give_back(float* memory) noexcept override;
  void upload(std::span<const float> host, float* device) override;
  void download(const float* device, std::span<float> host) override;
  void copy(std::span<const float> from, std::span<float> to) override;

  LayerVerbs& verbs() override { return verbs_; }
  std::unique_ptr<Samples> hold(const SampleSource& source, std::size_t rows) override;
  std::unique_ptr<RandomDraws> make_draws() override;
  std::unique_ptr<ParameterOptimizer> make_optimizer(const OptimizerSettings& settings, const ParameterPlan& plan) override;
  std::unique_ptr<Repetition> make_repetition() override;

 private:
  CudaDevice device_;
  CudaVerbs verbs_;
};

}  // namespace gradus::internal::cuda
