#include "backend/cuda/streamed_samples.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "gradus/error.hpp"

namespace gradus::internal::cuda {
namespace {

/// Records no times, which makes it cheaper.
Event make_event() {
  cudaEvent_t event = nullptr;
  check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "cudaEventCreateWithFlags");
  return Event(event);
}

std::size_t ring_of(const SampleSource& source, std::size_t half_rows) {
  return half_rows >= source.samples ? half_rows : 2 * half_rows;
}

}  // namespace

StreamedSamples::StreamedSamples(const CudaDevice& device, const SampleSource& source, std::size_t half_rows)
    : CudaSamples(device, source, ring_of(source, half_rows)), half_(half_rows), ring_(ring_of(source, half_rows)) {
  device_.run([&] {
    cudaStream_t stream = nullptr;
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    copying_.reset(stream);
    consumed_ = make_event();
    // Place i of an epoch is in slot i modulo the ring's size, whatever the order is.
    std::vector<std::uint32_t> slots(source.rows.size());
    for (std::size_t i = 0; i < slots.size(); ++i) slots[i] = static_cast<std::uint32_t>(i % ring_);
    order_.upload(slots, device_.stream());
    for (Half& each : halves_) {
      each.copied = make_event();
      if (source.bytes != nullptr) each.bytes = PinnedArray<std::uint8_t>(half_rows * source.features);
      if (source.floats != nullptr) each.floats = PinnedArray<float>(half_rows * source.features);
      if (source.labels != nullptr) each.labels = PinnedArray<std::int32_t>(half_rows);
      if (source.targets != nullptr) each.targets = PinnedArray<float>(half_rows * source.outputs);
      if (source.weights != nullptr) each.weights = PinnedArray<float>(half_rows);
    }
  });
}

StreamedSamples::~StreamedSamples() {
  // Copies may be under way, out of memory that goes now.
  static_cast<void>(cudaStreamSynchronize(copying_.get()));
}

void StreamedSamples::begin(std::span<const std::uint32_t> epoch) {
  epoch_ = epoch;
  device_.run([&] { rewind(); });
  filled_ = 0;
  awaited_ = 0;
  taken_ = 0;
}

void StreamedSamples::prepare(std::size_t count) {
  if (count > half_)
    throw UsageError(fmt::format("{} samples at once are more than the {} that were announced", count, half_));
  device_.run([&] {
    // All that was asked for before is gathered by work that is in the stream by now. So a half is free when only places
    // before `taken_` are in it.
    while (filled_ < epoch_.size() && filled_ <= taken_ + half_) fill_next_half();
    taken_ += count;
    for (; awaited_ < taken_; awaited_ += half_)
      check(cudaStreamWaitEvent(device_.stream(), halves_[awaited_ / half_ % halves_.size()].copied.get(), 0),
            "cudaStreamWaitEvent");
  });
}

void StreamedSamples::fill_next_half() {
  Half& next = halves_[filled_ / half_ % halves_.size()];
  // The host may still be ahead: what it collected before must have left its memory.
  if (next.was_copied) check(cudaEventSynchronize(next.copied.get()), "cudaEventSynchronize");
  check(cudaEventRecord(consumed_.get(), device_.stream()), "cudaEventRecord");
  check(cudaStreamWaitEvent(copying_.get(), consumed_.get(), 0), "cudaStreamWaitEvent");
  const std::size_t first_row = filled_ % ring_;
  const auto rows = epoch_.subspan(filled_, std::min(half_, epoch_.size() - filled_));
  bring(source_.bytes, source_.features, next.bytes, bytes_, first_row, rows);
  bring(source_.floats, source_.features, next.floats, floats_, first_row, rows);
  bring(source_.labels, 1, next.labels, labels_, first_row, rows);
  bring(source_.targets, source_.outputs, next.targets, targets_, first_row, rows);
  bring(source_.weights, 1, next.weights, weights_, first_row, rows);
  check(cudaEventRecord(next.copied.get(), copying_.get()), "cudaEventRecord");
  next.was_copied = true;
  filled_ += rows.size();
}

/// `rows` of the source, `width` values each, by way of pinned memory.
template <typename T>
void StreamedSamples::bring(const T* source, std::size_t width, PinnedArray<T>& pinned, DeviceArray<T>& ring,
                            std::size_t first_row, std::span<const std::uint32_t> rows) {
  if (source == nullptr) return;
  T* to = pinned.data();
  for (const std::uint32_t row : rows) {
    std::memcpy(to, source + row * width, width * sizeof(T));
    to += width;
  }
  check(cudaMemcpyAsync(ring.data() + first_row * width, pinned.data(), rows.size() * width * sizeof(T),
                        cudaMemcpyHostToDevice, copying_.get()),
        "cudaMemcpyAsync");
}

}  // namespace gradus::internal::cuda
