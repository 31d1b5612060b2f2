#include "backend/cuda/descent_rate.hpp"

#include <utility>

#include "kernels/launchers/elementwise.hpp"

namespace gradus::internal::cuda {

DescentRate::DescentRate(const CudaDevice& device) : device_(device) {
  device_.run([&] {
    device_rate_ = DeviceArray<float>(1);
    device_rate_.clear(device_.stream());
  });
}

void DescentRate::set(float rate) {
  rate_ = rate;
  device_.run([&] {
    kernels::launch_fill({.values = device_rate_.data(), .count = 1, .value = rate}, device_.on());
    for (auto& [rows, factor] : factors_) fill(rows, factor);
  });
}

void DescentRate::fill(std::size_t rows, DeviceArray<float>& factor) {
  kernels::launch_fill({.values = factor.data(), .count = 1, .value = -rate_ / static_cast<float>(rows)}, device_.on());
}

const float* DescentRate::factor(std::size_t rows) {
  const auto known = factors_.find(rows);
  if (known != factors_.end()) return known->second.data();
  DeviceArray<float> factor(1);
  fill(rows, factor);
  return factors_.emplace(rows, std::move(factor)).first->second.data();
}

}  // namespace gradus::internal::cuda
