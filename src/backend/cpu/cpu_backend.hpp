#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "backend/backend.hpp"
#include "backend/cpu/borrowed_samples.hpp"
#include "backend/cpu/cpu_verbs.hpp"
#include "backend/cpu/thread_pool.hpp"

namespace gradus::internal {

/// The CPU: the host's memory, and a team of threads that all verbs share.
class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(std::size_t threads) : pool_(threads), verbs_(pool_, upcoming_) {}

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
  ThreadPool pool_;
  UpcomingSamples upcoming_;
  CpuVerbs verbs_;
};

}  // namespace gradus::internal
