#include "backend/cuda/resident_samples.hpp"

#include "kernels/launchers/samples.hpp"

namespace gradus::internal::cuda {
namespace {

template <typename T>
void fill(DeviceArray<T>& array, const T* values, cudaStream_t stream) {
  if (values != nullptr) array.upload({values, array.size()}, stream);
}

}  // namespace

ResidentSamples::ResidentSamples(const CudaDevice& device, const SampleSource& source)
    : CudaSamples(device, source, source.samples) {
  device_.run([&] {
    fill(bytes_, source.bytes, device_.stream());
    fill(floats_, source.floats, device_.stream());
    fill(labels_, source.labels, device_.stream());
    fill(targets_, source.targets, device_.stream());
    fill(weights_, source.weights, device_.stream());
  });
}

void ResidentSamples::in_order() {
  device_.run([&] {
    // Once is enough where no epoch is shuffled.
    if (!is_in_order_) order_.upload(source_.rows, device_.stream());
    is_in_order_ = true;
    rewind();
  });
}

void ResidentSamples::shuffle(const RandomSequence& sequence) {
  device_.run([&] {
    if (rows_.size() < source_.rows.size()) {
      rows_ = DeviceArray<std::uint32_t>(source_.rows.size());
      sortable_ = DeviceArray<std::uint64_t>(source_.rows.size());
      rows_.upload(source_.rows, device_.stream());
    }
    is_in_order_ = false;
    kernels::launch_shuffle_rows({.sequence = sequence,
                                  .rows = rows_.data(),
                                  .count = rows_.size(),
                                  .scratch = sortable_.data(),
                                  .order = order_.data()},
                                 {.stream = device_.stream()});
    rewind();
  });
}

std::optional<std::vector<ColumnStatistics>> ResidentSamples::column_statistics() {
  in_order();
  const std::size_t rows = source_.rows.size();
  std::vector<ColumnStatistics> found(source_.features);
  device_.run([&] {
    const DeviceArray<ColumnStatistics> columns(source_.features);
    const DeviceArray<ColumnStatistics> parts(
        kernels::column_statistics_parts(source_.features, rows, device_.on().summing) * source_.features);
    kernels::launch_column_statistics({.bytes = view().bytes,
                                       .floats = view().floats,
                                       .columns = source_.features,
                                       .rows = order_.data(),
                                       .count = rows,
                                       .out = columns.data(),
                                       .parts = parts.data()},
                                      device_.on());
    check(cudaMemcpyAsync(found.data(), columns.data(), found.size() * sizeof found.front(), cudaMemcpyDeviceToHost,
                          device_.stream()),
          "cudaMemcpyAsync");
    device_.gpu().wait();
  });
  return found;
}

}  // namespace gradus::internal::cuda
