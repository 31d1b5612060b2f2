#include "backend/cuda/cuda_samples.hpp"

namespace gradus::internal::cuda {

CudaSamples::CudaSamples(const Gpu& gpu, const SampleSource& source) : gpu_(gpu) {
  const std::size_t inputs = source.samples * source.features;
  view_.features = source.features;
  view_.outputs = source.outputs;
  gpu_.run([&] {
    view_.bytes = copy(bytes_, source.bytes, inputs);
    view_.floats = copy(floats_, source.floats, inputs);
    view_.input_shift = copy(input_shift_, source.input_shift, source.features);
    view_.input_scale = copy(input_scale_, source.input_scale, source.features);
    view_.labels = copy(labels_, source.labels, source.samples);
    view_.targets = copy(targets_, source.targets, source.samples * source.outputs);
    view_.target_shift = copy(target_shift_, source.target_shift, source.outputs);
    view_.target_scale = copy(target_scale_, source.target_scale, source.outputs);
    position_ = DeviceArray<std::size_t>(1);
    order_ = DeviceArray<std::uint32_t>(source.samples);
  });
}

/// Null stays null.
template <typename T>
const T* CudaSamples::copy(DeviceArray<T>& array, const T* values, std::size_t count) {
  if (values == nullptr) return nullptr;
  array = DeviceArray<T>(count);
  array.upload({values, count}, gpu_.stream());
  return array.data();
}

void CudaSamples::set_order(std::span<const std::uint32_t> order) {
  gpu_.run([&] {
    if (order_.size() < order.size()) order_ = DeviceArray<std::uint32_t>(order.size());
    order_.upload(order, gpu_.stream());
    position_.clear(gpu_.stream());
  });
}

}  // namespace gradus::internal::cuda
