#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "backend/cuda/cuda_samples.hpp"
#include "backend/cuda/handles.hpp"
#include "backend/cuda/pinned_array.hpp"
#include "backend/shuffled_order.hpp"

namespace gradus::internal::cuda {

/// A data set that is larger than the device's memory. A ring of two halves holds the samples that come next in the epoch's
/// order; while minibatches are taken from one half, the other is filled: the host collects its samples in pinned memory,
/// and a stream of its own copies them beside the computation. The numbers that come out are those of ResidentSamples.
class StreamedSamples final : public CudaSamples {
 public:
  /// Halves of `half_rows` samples, which is also the largest minibatch. Borrows what the source points to.
  StreamedSamples(const CudaDevice& device, const SampleSource& source, std::size_t half_rows);
  StreamedSamples(const StreamedSamples&) = delete;
  StreamedSamples& operator=(const StreamedSamples&) = delete;
  ~StreamedSamples() override;

  void in_order() override { begin(source_.rows); }
  void shuffle(const RandomSequence& sequence) override { begin(shuffled_.shuffle(sequence, source_.rows)); }
  void prepare(std::size_t count) override;
  [[nodiscard]] std::optional<std::vector<ColumnStatistics>> column_statistics() override { return {}; }

 private:
  /// The host's side of a half of the ring.
  struct Half {
    PinnedArray<std::uint8_t> bytes;
    PinnedArray<float> floats;
    PinnedArray<std::int32_t> labels;
    PinnedArray<float> targets;
    PinnedArray<float> weights;
    Event copied;  // when the copy out of it was done
    bool was_copied = false;
  };

  void begin(std::span<const std::uint32_t> epoch);
  void fill_next_half();
  template <typename T>
  void bring(const T* source, std::size_t width, PinnedArray<T>& pinned, DeviceArray<T>& ring, std::size_t first_row,
             std::span<const std::uint32_t> rows);

  std::size_t half_;
  std::size_t ring_;  // samples in all
  ShuffledOrder shuffled_;
  std::span<const std::uint32_t> epoch_;
  std::size_t filled_ = 0;   // samples of the epoch that are in the ring, or were
  std::size_t awaited_ = 0;  // those whose copies the computation waits for
  std::size_t taken_ = 0;    // those that were asked for
  Stream copying_;
  Event consumed_;
  std::array<Half, 2> halves_;
};

}  // namespace gradus::internal::cuda
