#pragma once

#include <cstddef>
#include <cstdint>

#include "backend/cuda/cuda_samples.hpp"

namespace gradus::internal::cuda {

/// A whole data set in device memory, whose orders are found there.
class ResidentSamples final : public CudaSamples {
 public:
  /// What the orders take at most, per sample: an order, the rows, and twice the words that are sorted.
  static constexpr std::size_t kBytesOfOrders = 2 * sizeof(std::uint32_t) + 2 * sizeof(std::uint64_t);

  /// Copies what the source points to. `device` must outlive this.
  ResidentSamples(const CudaDevice& device, const SampleSource& source);

  void in_order() override;
  void shuffle(const RandomSequence& sequence) override;
  void prepare(std::size_t /*count*/) override {}
  [[nodiscard]] std::optional<std::vector<ColumnStatistics>> column_statistics() override;

 private:
  bool is_in_order_ = false;
  DeviceArray<std::uint32_t> rows_;      // (source.rows), once there was a shuffle
  DeviceArray<std::uint64_t> sortable_;  // (source.rows)
};

}  // namespace gradus::internal::cuda
