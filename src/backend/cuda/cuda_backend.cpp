#include "backend/cuda/cuda_backend.hpp"

#include "backend/cuda/captured_work.hpp"
#include "backend/cuda/cuda_draws.hpp"
#include "backend/cuda/cuda_optimizer.hpp"
#include "backend/cuda/cuda_samples.hpp"

namespace gradus::internal::cuda {

CudaBackend::CudaBackend(int index, Precision precision, unsigned block)
    : device_(index, precision, block), verbs_(device_, precision) {}

float* CudaBackend::take(std::size_t count) {
  return device_.run([&] { return device_.memory().take(count, device_.stream()); });
}

void CudaBackend::give_back(float* memory) noexcept {
  device_.memory().give_back(memory);
}

void CudaBackend::upload(std::span<const float> host, float* device) {
  if (host.empty()) return;
  device_.run([&] {
    check(cudaMemcpyAsync(device, host.data(), host.size_bytes(), cudaMemcpyHostToDevice, device_.stream()),
          "cudaMemcpyAsync");
    device_.gpu().wait();  // the host's values may be gone then
    device_.round_twins({device, host.size()});
  });
}

void CudaBackend::download(const float* device, std::span<float> host) {
  if (host.empty()) return;
  device_.run([&] {
    check(cudaMemcpyAsync(host.data(), device, host.size_bytes(), cudaMemcpyDeviceToHost, device_.stream()),
          "cudaMemcpyAsync");
    device_.gpu().wait();
  });
}

void CudaBackend::copy(std::span<const float> from, std::span<float> to) {
  if (from.empty()) return;
  device_.run([&] {
    check(cudaMemcpyAsync(to.data(), from.data(), from.size_bytes(), cudaMemcpyDeviceToDevice, device_.stream()),
          "cudaMemcpyAsync");
    device_.round_twins(to);
  });
}

std::unique_ptr<Samples> CudaBackend::hold(const SampleSource& source, std::size_t rows) {
  return hold_samples(device_, source, rows);
}

std::unique_ptr<RandomDraws> CudaBackend::make_draws() {
  return std::make_unique<CudaDraws>(device_);
}

std::unique_ptr<ParameterOptimizer> CudaBackend::make_optimizer(const OptimizerSettings& settings,
                                                                const ParameterPlan& plan) {
  return device_.run(
      [&] { return std::make_unique<CudaOptimizer>(*this, device_, verbs_.rate().on_device(), settings, plan); });
}

std::unique_ptr<Repetition> CudaBackend::make_repetition() {
  return std::make_unique<CapturedWork>(device_.gpu());
}

}  // namespace gradus::internal::cuda
