// The error terms Δ, and of them what the biases get: their column sums, for which nothing is read again. An output error
// moves 12 bytes per element and a hidden one too, the least there is: two matrices are read and one is written; 4 more
// where the loss or the activation needs what was kept, and 2 more where Δ is also written in bf16. Per column at most 16 ·
// (blocks that share it) are added for parts of sums.

#include "activation.cuh"
#include "column_tiles.cuh"
#include "device.cuh"
#include "launchers/error_terms.hpp"
#include "loss.cuh"
#include "reduction.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

/// The derivative of the loss by A, and the loss.
template <class Function>
struct OutputTerms {
  struct Read {
    float y;
    float t;
    float kept;
  };

  internal::LossTerms loss;
  const float* __restrict__ y;
  const float* __restrict__ kept;  // or null
  const float* __restrict__ t;
  const float* __restrict__ weights;  // of rows, or null
  std::size_t columns;
  float* __restrict__ delta;
  Bf16* rounded;
  float costs[kRowsAtOnce] = {};
  double cost = 0.0;

  __device__ Read read(std::size_t i) const { return {y[i], t[i], kept == nullptr ? 0.0F : kept[i]}; }
  __device__ float finish(std::size_t i, const Read& read, unsigned k) {
    float slope = loss_slope(loss, read.y, read.t);
    costs[k] = loss_value(loss, read.y, read.kept, read.t, slope);
    if (weights != nullptr) {
      const float weight = weights[i / columns];
      slope *= weight;
      costs[k] *= weight;
    }
    const float term = Function::times_derivative(slope, Function::kNeedsInput ? read.kept : read.y);
    delta[i] = term;
    if (rounded != nullptr) rounded[i] = round_to_bf16(term);
    return term;
  }
  __device__ void end_round() {
    for (unsigned half = kRowsAtOnce / 2; half > 0; half /= 2)
      for (unsigned k = 0; k < half; ++k) costs[k] += costs[k + half];
    cost += static_cast<double>(costs[0]);
    for (float& one : costs) one = 0.0F;
  }
};

/// D ⊙ σ′.
template <class Function>
struct HiddenTerms {
  struct Read {
    float y;
    float delta;
  };

  const float* __restrict__ y;
  float* __restrict__ delta;  // D, becomes Δ
  Bf16* rounded;

  __device__ Read read(std::size_t i) const { return {y[i], delta[i]}; }
  __device__ float finish(std::size_t i, const Read& read, unsigned /*k*/) const {
    const float term = Function::times_derivative(read.delta, read.y);
    delta[i] = term;
    if (rounded != nullptr) rounded[i] = round_to_bf16(term);
    return term;
  }
  __device__ void end_round() const {}
};

/// The derivative is 1: D stays, and Y is not needed.
template <>
struct HiddenTerms<Identity> {
  using Read = float;

  const float* y;
  float* __restrict__ delta;
  Bf16* rounded;

  __device__ Read read(std::size_t i) const { return delta[i]; }
  __device__ float finish(std::size_t i, Read term, unsigned /*k*/) const {
    if (rounded != nullptr) rounded[i] = round_to_bf16(term);
    return term;
  }
  __device__ void end_round() const {}
};

template <class Function>
__global__ void __launch_bounds__(kMostTileThreads)
    output_error_kernel(internal::LossTerms loss,
                        const float* y,  // (rows, columns), as kept, t and delta
                        const float* kept, const float* t,
                        const float* weights,  // (rows) or null
                        float* delta, Bf16* rounded, std::size_t rows, std::size_t columns, unsigned tile,
                        unsigned block_rows, ColumnSums biases, double* cost, SumScratch* scratch) {
  GRADUS_DYNAMIC_SHARED(double, shared);  // (threads)
  const TilePart part(rows, columns, tile, block_rows);
  OutputTerms<Function> terms{loss, y, kept, t, weights, columns, delta, rounded};
  const double sum = sum_column(part, terms);
  if (biases.out != nullptr) finish_column_sums(sum, part, tile, biases, shared, scratch);
  add_to_total(cost_factor(loss.kind) * block_sum(terms.cost), cost, scratch);
}

template <class Function>
__global__ void __launch_bounds__(kMostTileThreads)
    hidden_error_kernel(const float* y,  // (rows, columns), as delta
                        float* delta, Bf16* rounded, std::size_t rows, std::size_t columns, unsigned tile,
                        unsigned block_rows, ColumnSums biases, SumScratch* scratch) {
  GRADUS_DYNAMIC_SHARED(double, shared);  // (threads)
  const TilePart part(rows, columns, tile, block_rows);
  HiddenTerms<Function> terms{y, delta, rounded};
  const double sum = sum_column(part, terms);
  if (biases.out != nullptr) finish_column_sums(sum, part, tile, biases, shared, scratch);
}

Launch over(const ColumnTiles& tiles, const On& on) {
  return {
      .grid = tiles.grid, .block = on.summing.block, .shared_bytes = on.summing.block * sizeof(double), .stream = on.stream};
}

}  // namespace

void launch_output_error(const OutputError& layer, const On& on) {
  if (layer.columns == 0) return;
  const ColumnTiles tiles = column_tiles(layer.rows, layer.columns, on.summing, "launch_output_error");
  if (layer.rows == 0 && layer.biases.out == nullptr) return;
  const bool has_places = tiles.grid.x <= kSummingGrid.blocks * SumScratch::kColumns;
  check(has_places ? cudaSuccess : cudaErrorInvalidValue, "launch_output_error: columns");
  with_activation(is_times_derivative(layer.loss.kind) ? layer.activation : Activation::identity, [&](auto function) {
    launch(output_error_kernel<decltype(function)>, over(tiles, on), layer.loss, layer.y, layer.kept, layer.t, layer.weights,
           layer.delta, layer.rounded, layer.rows, layer.columns, tiles.tile, tiles.block_rows, layer.biases, layer.cost,
           on.scratch);
  });
}

void launch_hidden_error(const HiddenError& layer, const On& on) {
  if (layer.columns == 0) return;
  const ColumnTiles tiles = column_tiles(layer.rows, layer.columns, on.summing, "launch_hidden_error");
  const bool changes = layer.activation != Activation::identity || layer.rounded != nullptr;
  if (!(layer.rows > 0 && changes) && layer.biases.out == nullptr) return;
  with_activation(layer.activation, [&](auto function) {
    launch(hidden_error_kernel<decltype(function)>, over(tiles, on), layer.y, layer.delta, layer.rounded, layer.rows,
           layer.columns, tiles.tile, tiles.block_rows, layer.biases, on.scratch);
  });
}

}  // namespace gradus::kernels
