#include "backend/cuda/resident_samples.hpp"

#include "kernels/launchers/samples.hpp"

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
    fill(weights_, source.weights, gpu_.stream());
  });
}

void ResidentSamples::in_order() {
  gpu_.run([&] {
    // Once is enough where no epoch is shuffled.
    if (!is_in_order_) order_.upload(source_.rows, gpu_.stream());
    is_in_order_ = true;
    rewind();
  });
}

void ResidentSamples::shuffle(const RandomSequence& sequence) {
  gpu_.run([&] {
    if (rows_.size() < source_.rows.size()) {
      rows_ = DeviceArray<std::uint32_t>(source_.rows.size());
      sortable_ = DeviceArray<std::uint64_t>(source_.rows.size());
      rows_.upload(source_.rows, gpu_.stream());
    }
    is_in_order_ = false;
    kernels::launch_shuffle_rows({.sequence = sequence,
                                  .rows = rows_.data(),
                                  .count = rows_.size(),
                                  .scratch = sortable_.data(),
                                  .order = order_.data()},
                                 {.stream = gpu_.stream()});
    rewind();
  });
}

}  // namespace gradus::internal::cuda
