#include "backend/cuda/cuda_device.hpp"

#include "kernels/launchers/elementwise.hpp"

namespace gradus::internal::cuda {

CudaDevice::CudaDevice(int index, Precision precision, unsigned block) : gpu_(index), memory_(precision == Precision::bf16) {
  on_.stream = gpu_.stream();
  on_.streaming.block = block;
  on_.summing.block = block;
  run([&] {
    scratch_ = DeviceArray<kernels::SumScratch>(1);
    on_.scratch = scratch_.data();
    scratch_.clear(stream());
  });
}

void CudaDevice::round_twins(std::span<const float> values) const {
  if (memory_.has_twins())
    kernels::launch_round({.values = values.data(), .rounded = twin(values.data()), .count = values.size()}, on_);
}

}  // namespace gradus::internal::cuda
