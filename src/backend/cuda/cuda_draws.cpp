#include "backend/cuda/cuda_draws.hpp"

#include "backend/cuda/cuda_distorter.hpp"
#include "kernels/launchers/augmentation.hpp"
#include "kernels/launchers/layers.hpp"

namespace gradus::internal::cuda {

CudaDraws::CudaDraws(const CudaDevice& device) : device_(device) {
  device_.run([&] {
    visits_ = DeviceArray<unsigned long long>(1);
    visits_.clear(device_.stream());
  });
}

void CudaDraws::advance(std::size_t samples) {
  device_.run([&] { kernels::launch_count_visits(visits_.data(), samples, device_.on()); });
}

std::uint64_t CudaDraws::save() const {
  unsigned long long visits = 0;
  device_.run([&] { visits_.download({&visits, 1}, device_.stream()); });
  return visits;
}

void CudaDraws::load(std::uint64_t visits) {
  const unsigned long long number = visits;
  device_.run([&] { visits_.upload({&number, 1}, device_.stream()); });
}

void CudaDraws::drop(const Dropout& dropout, ConstMatrix y, Matrix dropped, Matrix factors) {
  device_.run([&] {
    kernels::launch_drop({.dropout = dropout,
                          .visits = visits_.data(),
                          .y = y.data,
                          .rows = y.rows,
                          .columns = y.columns,
                          .dropped = dropped.data,
                          .factors = factors.data,
                          .rounded = device_.twin(dropped.data)},
                         device_.on());
  });
}

void CudaDraws::mix(const Mixup& mixup, ConstMatrix x, const ConstWeightedTargets& t, Matrix mixed,
                    const WeightedTargets& mixed_t) {
  const auto mix = [&](ConstMatrix values, float* to, kernels::Bf16* rounded) {
    kernels::launch_mix_rows({.mixup = mixup,
                              .visits = visits_.data(),
                              .values = values.data,
                              .rows = values.rows,
                              .columns = values.columns,
                              .mixed = to,
                              .rounded = rounded},
                             device_.on());
  };
  device_.run([&] {
    mix(x, mixed.data, device_.twin(mixed.data));
    mix(t.t, mixed_t.t.data, nullptr);
    if (t.weights != nullptr) mix({t.weights, x.rows, 1}, mixed_t.weights, nullptr);
  });
}

void CudaDraws::add_noise(const InputNoise& noise, ConstMatrix x, Matrix noisy) {
  device_.run([&] {
    kernels::launch_add_noise({.noise = noise,
                               .visits = visits_.data(),
                               .x = x.data,
                               .rows = x.rows,
                               .columns = x.columns,
                               .noisy = noisy.data,
                               .rounded = device_.twin(noisy.data)},
                              device_.on());
  });
}

std::unique_ptr<Distorter> CudaDraws::make_distorter(const ScaledDistortion& distortion, std::size_t rows) {
  return device_.run([&] { return std::make_unique<CudaDistorter>(device_, visits_.data(), distortion, rows); });
}

}  // namespace gradus::internal::cuda
