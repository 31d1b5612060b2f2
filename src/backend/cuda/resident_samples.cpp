#include "backend/cuda/resident_samples.hpp"

namespace gradus::internal::cuda {
namespace {

template <typename T>
void fill(DeviceArray<T>& array, const T* values, cudaStream_t stream) {
  if (values != nullptr) array.upload({values, array.size()}, stream);
}

}  // namespace

ResidentSamples::ResidentSamples(const Gpu& gpu, const SampleSource& source) : CudaSamples(gpu, source, source.samples) {
  gpu_.run([&] {
    fill(bytes_, source.bytes, gpu_.stream());
    fill(floats_, source.floats, gpu_.stream());
    fill(labels_, source.labels, gpu_.stream());
    fill(targets_, source.targets, gpu_.stream());
  });
}

}  // namespace gradus::internal::cuda
