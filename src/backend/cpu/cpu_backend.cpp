#include "backend/cpu/cpu_backend.hpp"

#include <algorithm>
#include <new>

#include <fmt/format.h>

#include "backend/cpu/cpu_draws.hpp"
#include "backend/cpu/cpu_optimizer.hpp"
#include "base/memory.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

constexpr std::align_val_t kAlignment{64};

/// Calls the work: there is nothing to remember.
class RepeatedCalls final : public Repetition {
 public:
  void run(std::size_t times, const std::function<void()>& work) override {
    for (std::size_t i = 0; i < times; ++i) work();
  }
};

}  // namespace

float* CpuBackend::take(std::size_t count) {
  const std::size_t bytes = std::max<std::size_t>(count, 1) * sizeof(float);
  void* memory = ::operator new(bytes, kAlignment, std::nothrow);
  if (memory == nullptr)
    throw OutOfMemory(fmt::format("not enough memory: a buffer needs {}, and {} are available", format_bytes(bytes),
                                  format_bytes(available_memory())));
  auto* floats = static_cast<float*>(memory);
  std::fill_n(floats, count, 0.0F);
  return floats;
}

void CpuBackend::give_back(float* memory) noexcept {
  ::operator delete(memory, kAlignment);
}

void CpuBackend::upload(std::span<const float> host, float* device) {
  std::copy(host.begin(), host.end(), device);
}

void CpuBackend::download(const float* device, std::span<float> host) {
  std::copy_n(device, host.size(), host.begin());
}

void CpuBackend::copy(std::span<const float> from, std::span<float> to) {
  std::ranges::copy(from, to.begin());
}

std::unique_ptr<Samples> CpuBackend::hold(const SampleSource& source, std::size_t /*rows*/) {
  return std::make_unique<BorrowedSamples>(source, pool_, upcoming_);
}

std::unique_ptr<RandomDraws> CpuBackend::make_draws() {
  return std::make_unique<CpuDraws>(*this, pool_);
}

std::unique_ptr<ParameterOptimizer> CpuBackend::make_optimizer(const OptimizerSettings& settings,
                                                               const ParameterPlan& plan) {
  return std::make_unique<CpuOptimizer>(*this, pool_, verbs_.rate(), settings, plan);
}

std::unique_ptr<Repetition> CpuBackend::make_repetition() {
  return std::make_unique<RepeatedCalls>();
}

}  // namespace gradus::internal
