#include "backend/cpu/borrowed_samples.hpp"

#include <algorithm>

#include "backend/cpu/row_blocks.hpp"
#include "backend/cpu/vector_kernels.hpp"

namespace gradus::internal {
namespace {

/// At most this many bytes of the next minibatch are prefetched, so that the second-level cache has room for the current
/// one.
constexpr std::size_t kFetchedBytes = std::size_t{1} << 18;

}  // namespace

void BorrowedSamples::gather(Matrix x, const WeightedTargets& targets) {
  const Matrix t = targets.t;
  const auto order = rest_.first(x.rows);
  rest_ = rest_.subspan(x.rows);
  for_each_row_block(pool_, order.size(), elements(x.size()), [&](const RowBlock& block) {
    const Range rows = block.rows;
    gather_inputs(source_, order.subspan(rows.first, rows.size()), x.data + rows.first * x.columns);
    if (t.data != nullptr) gather_targets(source_, order.subspan(rows.first, rows.size()), t.data + rows.first * t.columns);
    for (std::size_t i = rows.first; i < rows.last && targets.weights != nullptr; ++i)
      targets.weights[i] = source_.weights[order[i]];
  });
  const std::size_t sample_bytes = source_.features * (source_.bytes != nullptr ? 1 : sizeof(float));
  const std::size_t fetched = std::min(order.size(), kFetchedBytes / std::max<std::size_t>(1, sample_bytes));
  upcoming_ = {&source_, rest_.first(std::min(fetched, rest_.size()))};
}

}  // namespace gradus::internal
