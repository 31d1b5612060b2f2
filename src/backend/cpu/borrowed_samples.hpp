#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "backend/cpu/thread_pool.hpp"
#include "backend/sample_source.hpp"
#include "backend/samples.hpp"
#include "backend/shuffled_order.hpp"

namespace gradus::internal {

/// The gathered samples that the next minibatch will take. They lie anywhere in memory, so reading each would wait for
/// memory: the first product of this minibatch prefetches them.
struct UpcomingSamples {
  const SampleSource* source = nullptr;
  std::span<const std::uint32_t> samples = {};
};

/// Samples of the host, as they are.
class BorrowedSamples final : public Samples {
 public:
  /// Writes to `upcoming` what comes next; `upcoming` and `pool` must outlive this.
  BorrowedSamples(const SampleSource& source, ThreadPool& pool, UpcomingSamples& upcoming)
      : source_(source), pool_(pool), upcoming_(upcoming) {}
  BorrowedSamples(const BorrowedSamples&) = delete;
  BorrowedSamples& operator=(const BorrowedSamples&) = delete;
  ~BorrowedSamples() override { upcoming_ = {}; }

  void in_order() override { begin(source_.rows); }
  void shuffle(const RandomSequence& sequence) override { begin(order_.shuffle(sequence, source_.rows)); }
  void prepare(std::size_t /*count*/) override {}
  void gather(Matrix x, const WeightedTargets& t) override;
  [[nodiscard]] std::optional<std::vector<ColumnStatistics>> column_statistics() override { return {}; }

 private:
  void begin(std::span<const std::uint32_t> order) {
    rest_ = order;
    upcoming_ = {};
  }

  SampleSource source_;
  ThreadPool& pool_;
  UpcomingSamples& upcoming_;
  ShuffledOrder order_;
  std::span<const std::uint32_t> rest_;  // of the epoch
};

}  // namespace gradus::internal
