#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "backend/matrix_view.hpp"
#include "backend/weighted_targets.hpp"
#include "formulas/column_statistics.hpp"
#include "formulas/philox.hpp"

namespace gradus::internal {

/// Samples where a backend reaches them, and the order in which minibatches take them. They must be destroyed before the
/// backend.
class Samples {
 public:
  Samples() = default;
  Samples(const Samples&) = delete;
  Samples& operator=(const Samples&) = delete;
  virtual ~Samples() = default;

  /// An epoch begins: minibatches take the rows of the source in their order.
  virtual void in_order() = 0;
  /// An epoch begins: minibatches take rows[p] along the random permutation p of the sequence (random_permutation).
  virtual void shuffle(const RandomSequence& sequence) = 0;

  /// To be called before each `gather`, and outside of work that is repeated: the next `count` samples will be needed.
  /// Where the data set is larger than a device's memory, this brings them there.
  virtual void prepare(std::size_t count) = 0;
  /// The minibatch of the next B samples of the epoch, scaled. `x` (B, n_0); `t` (B, n_L), or without data when no targets
  /// are wanted; and the weights if they are wanted, which needs samples with weights. There must be B samples left.
  virtual void gather(Matrix x, const WeightedTargets& t) = 0;

  /// Statistics of each input column over the source's rows, before scaling; no value where the host computes them as
  /// quickly, or where the device lacks the memory. Samples are in order after it, and an epoch must begin.
  [[nodiscard]] virtual std::optional<std::vector<ColumnStatistics>> column_statistics() = 0;
};

}  // namespace gradus::internal
