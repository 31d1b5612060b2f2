#pragma once

// What the host asks of the kernels. Plain C++ with the types of the CUDA runtime: nvcc is not needed to include it.
//
// Matrices are row-major, without gaps between rows; they may have no rows, and at most kMostColumns columns. All pointers
// are to device memory. Launchers put work into `stream` and return at once; they throw CudaError. Any address of a float
// will do; accesses are of 16 bytes where the addresses of the matrices are multiples of 16.

#include <cstddef>
#include <cstdint>
#include <cuda_runtime_api.h>

#include "column_statistics.hpp"
#include "device_samples.hpp"

namespace gradus::kernels {

/// The functions of a node. Derivatives are functions of the output, those of `gelu` and `silu` of the input.
enum class ActivationKind : std::uint8_t {
  identity,
  sigmoid,
  tanh,
  relu,
  scaled_tanh,
  leaky_relu,
  elu,
  gelu,
  silu,
  softplus
};

/// What an output adds to the cost (kernels/loss.cuh).
enum class LossKind : std::uint8_t { squared, cross_entropy, binary_cross_entropy, huber, absolute };

/// A loss with its numbers. `cross_entropy`: a target t counts as scale · t + shift. `huber`: linear beyond `delta`.
struct LossTerms {
  LossKind kind = LossKind::squared;
  float scale = 1.0F;
  float shift = 0.0F;
  float delta = 1.0F;
};

/// Which way parameters take along their gradients (kernels/optimizer.cuh).
enum class OptimizerKind : std::uint8_t { descent, momentum, nesterov, rmsprop, adam };

/// An optimizer's numbers.
struct OptimizerNumbers {
  float momentum = 0.0F;
  float beta1 = 0.0F;
  float beta2 = 0.0F;
  float epsilon = 0.0F;
  float weight_decay = 0.0F;
  float l1 = 0.0F;
  float l2 = 0.0F;
  float clip_norm = 0.0F;     ///< 0: gradients stay as long as they are
  bool decays = false;        ///< whether these are weights: weight_decay, l1 and l2 are for them
  bool only_directs = false;  ///< the gradients become the direction, with the decay in it, and the parameters stay
};

/// What an optimizer keeps on the device beside its running values.
struct OptimizerProgress {
  unsigned long long steps;  ///< that were taken
  double squares;            ///< of all gradients of this step, when they are clipped
};

/// How many threads a block has (a multiple of 32, at most 1024), and how many blocks a grid has at most. What is left over
/// is done by the same threads in further rounds.
struct GridLimits {
  unsigned block = 256;
  unsigned blocks = 1;
};

/// A kernel that only streams through memory: blocks for many rounds of any GPU.
inline constexpr GridLimits kStreamingGrid{.block = 256, .blocks = 8192};

/// A kernel that adds up. The number of blocks decides the order of a sum, so it follows from the shape alone and not from
/// the GPU; this is about what a large one holds at once.
inline constexpr GridLimits kSummingGrid{.block = 256, .blocks = 1024};

/// What a matrix may have; within a row 32 bits count columns.
inline constexpr std::size_t kMostColumns = (std::size_t{1} << 31) - 1;

/// A factor that is known now or, with an address of device memory, is read there when the kernel runs.
struct Factor {
  float value = 1.0F;
  const float* on_device = nullptr;
};

/// The upper half of a float's bits: 8 bits of mantissa, the range of a float.
using Bf16 = std::uint16_t;

/// What column sums s go into: out = beta · out + alpha · s. `out` (columns) is not read when beta is 0; null: no sums.
struct ColumnSums {
  Factor alpha;
  float beta = 0.0F;
  float* out = nullptr;
};

/// Where blocks leave their parts of a sum for the last of them to add. One is enough for all launches of one stream;
/// launches that may run at the same time need one each. All zero before its first use (cudaMemsetAsync); every launch
/// leaves the tickets at zero.
struct SumScratch {
  static constexpr std::size_t kColumns = 64;  ///< that one block sums up at most

  unsigned tickets[kSummingGrid.blocks];
  double parts[kSummingGrid.blocks * kColumns];
  unsigned total_ticket;
  double totals[kSummingGrid.blocks];
};

// A launcher that makes the operand of a matrix product may also leave it rounded to bf16, in a matrix of the same shape;
// null: it does not.

/// Y = σ(A + b), in place. `a` (rows, columns): A, becomes Y; `bias` (columns). `kept` (rows, columns), or null: becomes
/// A + b.
void launch_bias_activation(ActivationKind activation, const float* bias, float* a, std::size_t rows, std::size_t columns,
                            float* kept, Bf16* rounded, cudaStream_t stream, GridLimits limits = kStreamingGrid);

/// Y = softmax(A + b) row by row, in place. As launch_bias_activation, but `kept` becomes ln Y. A row with NaN or +infinity
/// becomes NaN. For the same columns the bits are the same on every GPU, whatever the limits.
void launch_bias_softmax(const float* bias, float* a, std::size_t rows, std::size_t columns, float* kept, Bf16* rounded,
                         cudaStream_t stream, GridLimits limits = kStreamingGrid);

/// Δ, the derivative of the loss by A, of at most 2²² columns: the output layer's error terms; and adds the loss of the
/// whole batch to *cost, and the column sums of Δ to the biases. `y`, `t`, `delta` (rows, columns); `delta` may not overlap
/// them. `weights` (rows): by which each row's loss and its derivative are multiplied; null: all by 1.
/// `kept` (rows, columns) is what was kept beside Y, and null where neither activation nor loss needs it. Of the two
/// entropies the activation is the one that belongs to them, whatever is said here. For the same shape and limits the bits
/// of the sums are the same each time and on every GPU.
void launch_output_error(ActivationKind activation, const LossTerms& loss, const float* y, const float* kept, const float* t,
                         const float* weights, std::size_t rows, std::size_t columns, float* delta, Bf16* rounded,
                         ColumnSums biases, double* cost, SumScratch* scratch, cudaStream_t stream,
                         GridLimits limits = kSummingGrid);

/// Δ = D ⊙ σ′, in place, where D is Δ_{l+1} W_{l+1}, and the column sums of Δ to the biases. `delta` (rows, columns): D,
/// becomes Δ; `y` (rows, columns): Y, or A for `gelu` and `silu`. Bits as of launch_output_error.
void launch_hidden_error(ActivationKind activation, const float* y, float* delta, std::size_t rows, std::size_t columns,
                         Bf16* rounded, ColumnSums biases, SumScratch* scratch, cudaStream_t stream,
                         GridLimits limits = kSummingGrid);

/// The minibatch: row i of `x` (rows, samples.features) and of `t` (rows, samples.outputs; null: no targets) becomes
/// sample order[*position + i], scaled; the bits are those of a float's (value − shift) · scale. A null `position` stands
/// for 0. With `scratch`, *position then grows by `rows`, so that a captured graph goes on along the epoch each time it is
/// replayed; without, it stays. A label that is no output gives a row of zeros. Samples may be more than 2^32 values.
/// `weights` (rows), null: none are wanted; else there are targets too, and each becomes that of the row's sample.
void launch_gather_rows(const DeviceSamples& samples, const std::uint32_t* order, std::size_t* position, std::size_t rows,
                        float* x, Bf16* rounded_x, float* t, float* weights, SumScratch* scratch, cudaStream_t stream,
                        GridLimits limits = kStreamingGrid);

/// What an evaluation asks of a batch's outputs, without a copy of them for the host. predicted[i] becomes the column of row
/// i's first greatest output, as std::max_element finds it: NaN in the first column stays, and others are passed over. And
/// the loss of the whole batch, formed and added as doubles, is added to *cost. `y`, `t`, `kept` (rows, columns) as of
/// launch_output_error; `predicted` (rows), null: no classes; `t` null: no cost, and then no `cost` and `scratch` either.
/// Without columns nothing is written. For the same shape and limits the bits of the sum are the same each time and on every
/// GPU.
void launch_classify(const LossTerms& loss, const float* y, const float* kept, const float* t, std::size_t rows,
                     std::size_t columns, std::int32_t* predicted, double* cost, SumScratch* scratch, cudaStream_t stream,
                     GridLimits limits = kSummingGrid);

/// Statistics of the columns of a matrix of bytes or of floats, (samples, columns), of which one is given: over the samples
/// rows[0] … rows[count−1], or 0 … count−1 when `rows` is null. The first value is that of the first of them. `out`
/// (columns); without rows it says so, with infinities. `parts` (column_statistics_parts(columns, count, limits), columns)
/// is working memory of any content. For the same shape and limits the bits are the same each time and on every GPU; of
/// bytes, and of other numbers whose sums are exact, they are those of sums in any order.
void launch_column_statistics(const std::uint8_t* bytes, const float* floats, std::size_t columns, const std::uint32_t* rows,
                              std::size_t count, ColumnStatistics* out, ColumnStatistics* parts, cudaStream_t stream,
                              GridLimits limits = kSummingGrid);

/// How many blocks of launch_column_statistics share each column, and leave a part of its statistics: at most limits.blocks,
/// and few enough for all parts to take less than 3 MiB unless one row of them takes more.
[[nodiscard]] std::size_t column_statistics_parts(std::size_t columns, std::size_t count, GridLimits limits = kSummingGrid);

/// Which random numbers: the fields of the library's RandomSequence. An epoch, or a layer, has its own `part`.
struct RandomKey {
  std::uint64_t seed = 0;
  std::uint32_t purpose = 0;
  std::uint32_t part = 0;
};

/// The order of an epoch: order[i] = rows[permutation[i]], where the permutation of 0 … count−1 is, bit for bit, the one
/// that the library's random_permutation gives for the key; the permutation itself when `rows` is null. `rows`, `order`
/// (count) do not overlap; `scratch` (count), of any content. At most 2^32 rows. Not for a stream that captures, which is an
/// error: the sort allocates memory for its time, and may wait for the stream.
void launch_shuffle_rows(const RandomKey& key, const std::uint32_t* rows, std::size_t count, std::uint64_t* scratch,
                         std::uint32_t* order, cudaStream_t stream, GridLimits limits = kStreamingGrid);

/// Leaves nodes out: factors becomes 0 where word j of the sample's Philox blocks is below the threshold, and kept_factor
/// elsewhere, and dropped = y ⊙ factors. The blocks of row i are those from (*visits + i) · ⌈columns/4⌉ on, as the library's
/// Dropout says. `y`, `dropped`, `factors` (rows, columns), which do not overlap; `rounded` of the result.
void launch_drop(const RandomKey& key, const unsigned long long* visits, std::uint32_t threshold, float kept_factor,
                 const float* y, std::size_t rows, std::size_t columns, float* dropped, float* factors, Bf16* rounded,
                 cudaStream_t stream, GridLimits limits = kStreamingGrid);

/// values = values ⊙ factors. `factors`, `values` (count), which do not overlap.
void launch_multiply(const float* factors, std::size_t count, float* values, cudaStream_t stream,
                     GridLimits limits = kStreamingGrid);

/// noisy = x + N(0, deviation²). The values of row i are made of the blocks from (*visits + i) · ⌈columns/4⌉ on, as the
/// library's InputNoise says. `x`, `noisy` (rows, columns), which may be the same; `rounded` of the result.
void launch_add_noise(const RandomKey& key, const unsigned long long* visits, float deviation, const float* x,
                      std::size_t rows, std::size_t columns, float* noisy, Bf16* rounded, cudaStream_t stream,
                      GridLimits limits = kStreamingGrid);

/// Quantiles k / (2 kIntervals) of a distribution on [0, 1] that is symmetric about ½.
struct MixQuantiles {
  static constexpr unsigned kIntervals = 256;
  float at[kIntervals + 1];
};

/// mixed = λ · values + (1 − λ) · those of a row further on, as the library's Mixup says: λ of row i by word v mod 4 of
/// block v / 4 of `parts` with v = *visits + i; the distance of all rows by block *visits of `partners`. `values`, `mixed`
/// (rows, columns), which do not overlap; fewer than 2^32 rows. `rounded` of the result. What belongs to the same rows
/// (inputs, targets) is mixed alike by launches with the same keys and visits.
void launch_mix_rows(const RandomKey& parts, const RandomKey& partners, const unsigned long long* visits,
                     const MixQuantiles& quantiles, const float* values, std::size_t rows, std::size_t columns, float* mixed,
                     Bf16* rounded, cudaStream_t stream, GridLimits limits = kStreamingGrid);

/// Where a distorted image's pixel (x, y) is taken: (xx · x + xy · y + x0, yx · x + yy · y + y0).
struct ImageTransform {
  float xx, xy, x0;
  float yx, yy, y0;
};

/// How images of `height` · `width` pixels of `channels` values are distorted; the library's Distortion has the formulas.
/// Arrays are on the device.
struct ImageDistortion {
  RandomKey transform_key;
  RandomKey displacement_key;
  unsigned height = 0;
  unsigned width = 0;
  unsigned channels = 1;
  float shift = 0.0F;
  float rotation = 0.0F;
  float scaling = 0.0F;
  float elastic = 0.0F;
  const float* filter = nullptr;  ///< (taps), of which there is an odd number; none: no displacements
  unsigned taps = 0;
  const float* input_shift = nullptr;  ///< (height, width, channels): an input is (value − shift) · scale
  const float* input_scale = nullptr;
  std::size_t first_row = 0;  ///< of these in the batch
  // Working memory of any content. The last two: where there are displacements.
  ImageTransform* transforms = nullptr;  ///< (rows)
  float* drawn = nullptr;                ///< (rows, 2, height, width)
  float* smoothed = nullptr;             ///< (rows, 2, height, width)
};

/// x = the images, distorted and scaled. Row i is visit number *visits + first_row + i. `images`, `x` (rows, height · width
/// · channels), which do not overlap; `rounded` of the result.
void launch_distort(const ImageDistortion& how, const unsigned long long* visits, const float* images, std::size_t rows,
                    float* x, Bf16* rounded, cudaStream_t stream, GridLimits limits = kStreamingGrid);

/// *visits += count.
void launch_count_visits(unsigned long long* visits, std::size_t count, cudaStream_t stream);

/// One step of an optimizer: parameters −= *rate · direction, and their decay. `gradients`, `parameters`, `first`, `second`
/// (count), which do not overlap; `first` and `second` are the running values, null where the optimizer has none. Reads
/// progress->steps, as the number of steps before this one, and for clipping progress->squares.
void launch_optimizer(OptimizerKind optimizer, const OptimizerNumbers& numbers, const float* rate,
                      const OptimizerProgress* progress, float* gradients, float* parameters, float* first, float* second,
                      std::size_t count, cudaStream_t stream, GridLimits limits = kStreamingGrid);

/// A step has ended: one more in progress->steps, and progress->squares is 0.
void launch_end_of_step(OptimizerProgress* progress, cudaStream_t stream);

/// Adds Σ v² to *total. `values` (count). For the same count and limits the bits are the same each time and on every GPU.
void launch_sum_of_squares(const float* values, std::size_t count, double* total, SumScratch* scratch, cudaStream_t stream,
                           GridLimits limits = kSummingGrid);

/// parameters −= *rate · gradients, each rounded once (a fused multiply-add). `gradients`, `parameters` (count), which do
/// not overlap. With `squares`, two numbers on the device, the rate is multiplied by √(squares[0] / squares[1]) unless one
/// of them is 0: LAMB's quotient of the parameters' length and that of their direction. Null: the rate as it is.
void launch_descend(const float* gradients, const float* rate, const double* squares, float* parameters, std::size_t count,
                    cudaStream_t stream, GridLimits limits = kStreamingGrid);

/// rounded = values in bf16. `values`, `rounded` (count).
void launch_round(const float* values, Bf16* rounded, std::size_t count, cudaStream_t stream,
                  GridLimits limits = kStreamingGrid);

/// values = factor · values, and 0 where the factor is 0, whatever they were. `values` (count).
void launch_scale(float* values, std::size_t count, float factor, cudaStream_t stream, GridLimits limits = kStreamingGrid);

/// Every value becomes `value`, without a copy from the host that would have to be waited for. `values` (count).
void launch_fill(float* values, std::size_t count, float value, cudaStream_t stream, GridLimits limits = kStreamingGrid);

}  // namespace gradus::kernels
