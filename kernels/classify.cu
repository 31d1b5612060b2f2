// The classes and the cost of a batch's outputs. Moves 8 bytes per output, 4 without targets, and 4 per row, the least there
// is: two matrices are read, and one number per row is written; 4 more per output where the loss needs what was kept.
//
// Rows are shared among as many lanes of a warp as have about four columns each: one for a few columns, so that no lane is
// idle, and all 32 for many. Whatever the width, a warp reads one piece of memory.

#include <algorithm>
#include <bit>
#include <limits>

#include "device.cuh"
#include "launchers/error_terms.hpp"
#include "loss.cuh"
#include "reduction.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// Loads from each matrix that a thread has under way at once; also the columns that a lane should have.
constexpr unsigned kColumnsAtOnce = 4;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// The greatest output until now, and its column. At first it loses to any number, -infinity included.
struct Candidate {
  float value = -kInfinity;
  std::uint32_t column = 0xFFFF'FFFFU;
};

/// The first of equal outputs wins, in whatever order they come. A NaN never does.
__device__ Candidate greater_of(const Candidate& a, const Candidate& b) {
  return b.value > a.value || (b.value == a.value && b.column < a.column) ? b : a;
}

/// The result of std::max_element over all the row's lanes, `lanes` neighbours of a warp. The whole warp comes here.
__device__ Candidate greatest_of_row(Candidate mine, unsigned lanes) {
  for (unsigned distance = lanes / 2; distance > 0; distance /= 2) {
    const int bits = static_cast<int>(distance);
    mine = greater_of(mine, {__shfl_xor_sync(kFullMask, mine.value, bits), __shfl_xor_sync(kFullMask, mine.column, bits)});
  }
  return mine;
}

__global__ void classify_kernel(internal::LossTerms loss,
                                const float* __restrict__ y,     // (rows, columns)
                                const float* __restrict__ kept,  // (rows, columns), or null
                                const float* __restrict__ t,     // (rows, columns), or null
                                std::size_t rows, unsigned columns, unsigned lanes,
                                std::int32_t* __restrict__ predicted,  // (rows), or null
                                double* cost, SumScratch* scratch) {
  const unsigned thread = blockIdx.x * blockDim.x + threadIdx.x;
  const unsigned lane = thread % lanes;
  const std::size_t stride = gridDim.x * blockDim.x / lanes;
  double sum = 0.0;
  // All lanes of a warp go the same rounds, those beyond the last row too: they meet in shuffles.
  for (std::size_t first = thread / kWarp * (kWarp / lanes); first < rows; first += stride) {
    const std::size_t row = first + thread % kWarp / lanes;
    const unsigned end = row < rows ? columns : 0;
    Candidate greatest;
    for (unsigned column = lane; column < end; column += kColumnsAtOnce * lanes) {
      float outputs[kColumnsAtOnce] = {};
      float targets[kColumnsAtOnce] = {};
      float besides[kColumnsAtOnce] = {};
      for (unsigned k = 0; k < kColumnsAtOnce; ++k) {
        const unsigned this_column = column + k * lanes;
        if (this_column >= end) continue;
        outputs[k] = y[row * columns + this_column];
        if (t != nullptr) targets[k] = t[row * columns + this_column];
        if (kept != nullptr) besides[k] = kept[row * columns + this_column];
      }
      for (unsigned k = 0; k < kColumnsAtOnce; ++k) {
        const unsigned this_column = column + k * lanes;
        if (this_column >= end) continue;
        // Nothing is greater than a NaN that comes first.
        const bool stays = this_column == 0 && !(outputs[k] == outputs[k]);
        greatest = greater_of(greatest, {stays ? kInfinity : outputs[k], this_column});
        // Rounded before it is added, so that the bits are the same everywhere.
        sum = __dadd_rn(sum, exact_loss_value(loss, outputs[k], besides[k], targets[k]));
      }
    }
    if (predicted != nullptr) {
      greatest = greatest_of_row(greatest, lanes);
      if (lane == 0 && row < rows) predicted[row] = static_cast<std::int32_t>(greatest.column);
    }
  }
  if (t != nullptr) add_to_total(cost_factor(loss.kind) * block_sum(sum), cost, scratch);
}

}  // namespace

void launch_classify(const Evaluation& batch, const On& on) {
  check_limits(on.summing, kSummingGrid.blocks, "launch_classify: limits");
  check(batch.columns <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_classify: columns");
  if (batch.rows == 0 || batch.columns == 0 || (batch.t == nullptr && batch.predicted == nullptr)) return;
  const std::size_t worthwhile = std::bit_ceil(divide_up(batch.columns, kColumnsAtOnce));
  const auto lanes = static_cast<unsigned>(std::min<std::size_t>(worthwhile, kWarp));
  const unsigned grid = streaming_blocks(batch.rows * lanes, 1, on.summing);
  launch(classify_kernel, {.grid = grid, .block = on.summing.block, .stream = on.stream}, batch.loss, batch.y, batch.kept,
         batch.t, batch.rows, static_cast<unsigned>(batch.columns), lanes, batch.predicted, batch.cost, on.scratch);
}

}  // namespace gradus::kernels
