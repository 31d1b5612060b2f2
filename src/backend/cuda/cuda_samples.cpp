#include "backend/cuda/cuda_samples.hpp"

#include <algorithm>

#include "backend/cuda/resident_samples.hpp"
#include "backend/cuda/streamed_samples.hpp"
#include "kernels/launchers/samples.hpp"

namespace gradus::internal::cuda {
namespace {

/// Null stays null.
template <typename T>
const T* copied(DeviceArray<T>& array, const T* values, std::size_t count, cudaStream_t stream) {
  if (values == nullptr) return nullptr;
  array = DeviceArray<T>(count);
  array.upload({values, count}, stream);
  return array.data();
}

template <typename T>
const T* room_for(DeviceArray<T>& array, const T* values, std::size_t count) {
  if (values == nullptr) return nullptr;
  array = DeviceArray<T>(count);
  return array.data();
}

/// Bytes of a sample with its target.
std::size_t bytes_of_one(const SampleSource& source) {
  const std::size_t input = source.bytes != nullptr ? sizeof(std::uint8_t) : sizeof(float);
  std::size_t target = 0;
  if (source.labels != nullptr) target = sizeof(std::int32_t);
  if (source.targets != nullptr) target = source.outputs * sizeof(float);
  const std::size_t weight = source.weights != nullptr ? sizeof(float) : 0;
  return std::max<std::size_t>(source.features * input + target + weight, 1);
}

/// What is free, but for what is left for other things.
std::size_t usable_bytes(const Gpu& gpu) {
  constexpr std::size_t kPartLeft = 8;
  std::size_t free_bytes = 0;
  std::size_t all_bytes = 0;
  gpu.run([&] { check(cudaMemGetInfo(&free_bytes, &all_bytes), "cudaMemGetInfo"); });
  return free_bytes - free_bytes / kPartLeft;
}

/// Whether the GPU's memory has room for all samples now, with an eighth of what is free left for other things.
bool fits(const Gpu& gpu, const SampleSource& source) {
  const std::size_t orders = source.rows.size() * ResidentSamples::kBytesOfOrders;
  const std::size_t usable = usable_bytes(gpu);
  return usable >= orders && (usable - orders) / bytes_of_one(source) >= source.samples;
}

}  // namespace

CudaSamples::CudaSamples(const CudaDevice& device, const SampleSource& source, std::size_t rows)
    : device_(device), source_(source) {
  view_.features = source.features;
  view_.outputs = source.outputs;
  device_.run([&] {
    auto* const stream = device_.stream();
    view_.bytes = room_for(bytes_, source.bytes, rows * source.features);
    view_.floats = room_for(floats_, source.floats, rows * source.features);
    view_.labels = room_for(labels_, source.labels, rows);
    view_.targets = room_for(targets_, source.targets, rows * source.outputs);
    view_.weights = room_for(weights_, source.weights, rows);
    view_.input_shift = copied(input_shift_, source.input_shift, source.features, stream);
    view_.input_scale = copied(input_scale_, source.input_scale, source.features, stream);
    view_.target_shift = copied(target_shift_, source.target_shift, source.outputs, stream);
    view_.target_scale = copied(target_scale_, source.target_scale, source.outputs, stream);
    position_ = DeviceArray<std::size_t>(1);
    order_ = DeviceArray<std::uint32_t>(source.rows.size());
  });
}

void CudaSamples::gather(Matrix x, const WeightedTargets& t) {
  device_.run([&] {
    kernels::launch_gather_rows({.samples = view_,
                                 .order = order_.data(),
                                 .position = position_.data(),
                                 .rows = x.rows,
                                 .x = x.data,
                                 .rounded_x = device_.twin(x.data),
                                 .t = t.t.data,
                                 .weights = t.weights},
                                device_.on());
  });
}

std::unique_ptr<CudaSamples> hold_samples(const CudaDevice& device, const SampleSource& source, std::size_t rows) {
  if (fits(device.gpu(), source)) return std::make_unique<ResidentSamples>(device, source);
  // Large enough that a copy runs at its full speed, and that the host is rarely asked for one.
  constexpr std::size_t kHalfOfARing = std::size_t{64} << 20;
  const std::size_t least = std::max<std::size_t>(rows, 1);
  const std::size_t half_rows = std::min(kHalfOfARing, usable_bytes(device.gpu()) / 4) / bytes_of_one(source);
  return std::make_unique<StreamedSamples>(device, source, std::clamp(half_rows, least, std::max(least, source.samples)));
}

}  // namespace gradus::internal::cuda
