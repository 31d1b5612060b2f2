#pragma once

// From a data set in device memory to minibatches.

#include "formulas/column_statistics.hpp"
#include "formulas/philox.hpp"
#include "formulas/sample_view.hpp"
#include "on.hpp"

namespace gradus::kernels {

struct Minibatch {
  internal::SampleView samples = {};
  const std::uint32_t* order = nullptr;  ///< of the epoch
  std::size_t* position = nullptr;       ///< how many samples of the order were taken; null: none
  std::size_t rows = 0;
  float* x = nullptr;         ///< (rows, samples.features)
  Bf16* rounded_x = nullptr;  ///< of x
  float* t = nullptr;         ///< (rows, samples.outputs); null: no targets
  float* weights = nullptr;   ///< (rows); null: none are wanted, else there are targets too
};

/// Row i of x, t and weights becomes that of sample order[*position + i], scaled; the bits are those of a float's
/// (value − shift) · scale. With on.scratch, *position then grows by `rows`, so that a captured graph goes on along the
/// epoch each time it is replayed; without, it stays. A label that is not an output gives a row of zeros. Samples may be
/// more than 2^32 values.
void launch_gather_rows(const Minibatch& batch, const On& on);

/// The order of an epoch: arrays of `count` ≤ 2^32, which do not overlap.
struct ShuffledRows {
  internal::RandomSequence sequence;
  const std::uint32_t* rows = nullptr;  ///< null: 0 … count−1
  std::size_t count = 0;
  std::uint64_t* scratch = nullptr;  ///< of any content
  std::uint32_t* order = nullptr;
};

/// order[i] = rows[permutation[i]], where the permutation of 0 … count−1 is, bit for bit, the one that the library's
/// random_permutation gives for the sequence. Not for a stream that captures, which is an error: the sort allocates memory
/// for its time, and may wait for the stream.
void launch_shuffle_rows(const ShuffledRows& rows, const On& on);

/// A matrix of bytes or of floats, (samples, columns), of which one is given, and those of its rows that count.
struct MeasuredColumns {
  const std::uint8_t* bytes = nullptr;
  const float* floats = nullptr;
  std::size_t columns = 0;
  const std::uint32_t* rows = nullptr;  ///< (count); null: 0 … count−1
  std::size_t count = 0;
  internal::ColumnStatistics* out = nullptr;    ///< (columns); without rows: infinities
  internal::ColumnStatistics* parts = nullptr;  ///< (column_statistics_parts, columns) of any content
};

/// Statistics of columns; the first value is that of the first row that counts. For the same shape and limits the bits are
/// the same each time and on every GPU; of bytes, and of other numbers whose sums are exact, they are those of sums in any
/// order.
void launch_column_statistics(const MeasuredColumns& matrix, const On& on);

/// How many blocks of launch_column_statistics share each column, and leave a part of its statistics: at most as many as the
/// limits have, and few enough for all parts to take less than 3 MiB unless one row of them takes more.
[[nodiscard]] std::size_t column_statistics_parts(std::size_t columns, std::size_t count, GridLimits summing = kSummingGrid);

}  // namespace gradus::kernels
