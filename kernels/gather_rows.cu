// The minibatch: rows of samples in the order of the epoch, scaled. Moves 5 bytes per input that is a byte, 8 per input or
// target that is a float, and 4 per target that is made from a label, the least there is: what is read once and what is
// written; 2 more per input where inputs are also kept in bf16. The order and the labels, 4 bytes per row each, come from a
// cache but for the first time; shifts and scales stay in registers.
//
// Bytes are read four at a time and not sixteen, so that each access of a warp is one piece of memory on both sides: 128
// bytes come in, 512 go out. Sixteen would scatter the writes, which are four fifths of the traffic.

#include <algorithm>

#include "device.cuh"
#include "launchers/samples.hpp"
#include "reduction.cuh"
#include "streaming.cuh"

namespace gradus::kernels {
namespace {

using internal::SampleView;

/// Rows that a thread has under way at once: each waits for its place in the order, and then for the sample.
constexpr unsigned kRowsAtOnce = 4;

/// The blocks that make one of the two matrices, and how many floats they take in one access.
struct Part {
  unsigned first_block = 0;
  unsigned blocks = 0;
  unsigned width = 1;
};

/// Values that are scaled: the inputs, and targets that are not labels.
template <class Value, unsigned Width>
struct ScaledValues {
  struct alignas(Width * sizeof(Value)) Read {
    Value at[Width];
  };

  const Value* values;  // (samples, columns)
  std::size_t columns;
  unsigned column;
  Floats<Width> shift;
  Floats<Width> scale;

  /// Columns `first` … first + Width − 1.
  __device__ ScaledValues(const Value* all, const float* shifts, const float* scales, std::size_t all_columns,
                          unsigned first)
      : values(all),
        columns(all_columns),
        column(first),
        shift(*reinterpret_cast<const Floats<Width>*>(shifts + first)),
        scale(*reinterpret_cast<const Floats<Width>*>(scales + first)) {}

  __device__ Read read(std::uint32_t sample) const {
    return *reinterpret_cast<const Read*>(values + sample * columns + column);
  }
  __device__ Floats<Width> finish(const Read& read) const {
    Floats<Width> result;
    for (unsigned k = 0; k < Width; ++k) result.at[k] = (static_cast<float>(read.at[k]) - shift.at[k]) * scale.at[k];
    return result;
  }
};

/// Rows of the identity.
template <unsigned Width>
struct Labels {
  using Read = std::int32_t;

  const std::int32_t* labels;  // (samples)
  unsigned column;

  __device__ Read read(std::uint32_t sample) const { return labels[sample]; }
  __device__ Floats<Width> finish(Read label) const {
    Floats<Width> result;
    for (unsigned k = 0; k < Width; ++k) result.at[k] = column + k == static_cast<unsigned>(label) ? 1.0F : 0.0F;
    return result;
  }
};

/// The part's blocks fill `out` (rows, columns). A thread stays with its columns: those of `source_at(first column)`.
template <unsigned Width, class SourceAt>
__device__ void fill_rows(const Part& part, const std::uint32_t* order, std::size_t rows, std::size_t columns,
                          SourceAt source_at, float* out, Bf16* rounded) {
  const auto chunks = static_cast<unsigned>(columns / Width);
  const unsigned threads = part.blocks * blockDim.x;
  const unsigned thread = (blockIdx.x - part.first_block) * blockDim.x + threadIdx.x;
  const unsigned step = max(threads / chunks, 1U);  // rows that all threads do together; the last of them may be left over
  if (thread / chunks >= step) return;
  // One round, but for threads that are fewer than the chunks of a row.
  for (unsigned chunk = thread % chunks; chunk < chunks; chunk += threads) {
    const unsigned column = chunk * Width;
    const auto source = source_at(column);
    for (std::size_t first = thread / chunks; first < rows; first += kRowsAtOnce * std::size_t{step}) {
      typename decltype(source)::Read reads[kRowsAtOnce];
      for (unsigned k = 0; k < kRowsAtOnce; ++k) {
        const std::size_t row = first + k * std::size_t{step};
        if (row < rows) reads[k] = source.read(order[row]);
      }
      for (unsigned k = 0; k < kRowsAtOnce; ++k) {
        const std::size_t row = first + k * std::size_t{step};
        if (row >= rows) continue;
        const std::size_t i = row * columns + column;
        const Floats<Width> values = source.finish(reads[k]);
        store(out, i, i + Width, values);
        if (rounded != nullptr) store_rounded(rounded, i, i + Width, values);
      }
    }
  }
}

template <unsigned Width, class Value>
__device__ void fill_scaled(const Part& part, const Value* values, const float* shifts, const float* scales,
                            std::size_t columns, const std::uint32_t* order, std::size_t rows, float* out, Bf16* rounded) {
  const auto source_at = [&](unsigned column) {
    return ScaledValues<Value, Width>(values, shifts, scales, columns, column);
  };
  fill_rows<Width>(part, order, rows, columns, source_at, out, rounded);
}

template <unsigned Width>
__device__ void fill_inputs(const SampleView& samples, const Part& part, const std::uint32_t* order, std::size_t rows,
                            float* x, Bf16* rounded) {
  if (samples.bytes != nullptr)
    fill_scaled<Width>(part, samples.bytes, samples.input_shift, samples.input_scale, samples.features, order, rows, x,
                       rounded);
  else
    fill_scaled<Width>(part, samples.floats, samples.input_shift, samples.input_scale, samples.features, order, rows, x,
                       rounded);
}

template <unsigned Width>
__device__ void fill_targets(const SampleView& samples, const Part& part, const std::uint32_t* order, std::size_t rows,
                             float* t) {
  if (samples.labels != nullptr) {
    const auto source_at = [&](unsigned column) { return Labels<Width>{samples.labels, column}; };
    fill_rows<Width>(part, order, rows, samples.outputs, source_at, t, nullptr);
  } else {
    fill_scaled<Width>(part, samples.targets, samples.target_shift, samples.target_scale, samples.outputs, order, rows, t,
                       nullptr);
  }
}

__device__ void fill_weights(const float* all, const Part& part, const std::uint32_t* order, std::size_t rows,
                             float* weights) {
  const std::size_t stride = std::size_t{part.blocks} * blockDim.x;
  for (std::size_t i = std::size_t{blockIdx.x - part.first_block} * blockDim.x + threadIdx.x; i < rows; i += stride)
    weights[i] = all[order[i]];
}

__device__ bool is_here(const Part& part) {
  return blockIdx.x - part.first_block < part.blocks;
}

/// Blocks have one matrix each, so that none waits for two samples one after the other; where there is only one block it has
/// both. What a block does is decided at run time: that costs nothing, and saves the kernels for all combinations.
__global__ void gather_rows_kernel(SampleView samples, const std::uint32_t* __restrict__ order, std::size_t* position,
                                   std::size_t rows,
                                   float* __restrict__ x,  // (rows, features)
                                   Bf16* rounded_x,        // (rows, features) or null
                                   Part inputs,
                                   float* __restrict__ t,  // (rows, outputs)
                                   Part targets,
                                   float* __restrict__ weights,  // (rows) or null
                                   unsigned* ticket) {
  const std::size_t first = position == nullptr ? 0 : *position;
  order += first;
  if (is_here(inputs)) {
    if (inputs.width == 4)
      fill_inputs<4>(samples, inputs, order, rows, x, rounded_x);
    else
      fill_inputs<1>(samples, inputs, order, rows, x, rounded_x);
  }
  if (is_here(targets)) {
    if (targets.width == 4)
      fill_targets<4>(samples, targets, order, rows, t);
    else
      fill_targets<1>(samples, targets, order, rows, t);
    if (weights != nullptr) fill_weights(samples.weights, targets, order, rows, weights);
  }
  // Here and not in a kernel of its own: that would take as many lines, and add a link to the chain of a small network's
  // step, whose time is that of its links. The last block knows that all have read the position.
  if (ticket != nullptr && is_last_block(ticket, gridDim.x) && threadIdx.x == 0) *position = first + rows;
}

unsigned width_of(std::size_t columns, bool can_take_four) {
  return columns % 4 == 0 && can_take_four ? 4 : 1;  // else rows would begin at odd addresses
}

bool is_multiple_of_four(const std::uint8_t* bytes) {
  return reinterpret_cast<std::uintptr_t>(bytes) % 4 == 0;
}

}  // namespace

void launch_gather_rows(const Minibatch& batch, const On& on) {
  const SampleView& samples = batch.samples;
  const GridLimits& limits = on.streaming;
  check_limits(limits, kStreamingGrid.blocks, "launch_gather_rows: limits");
  check(samples.features <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_gather_rows: features");
  check(samples.outputs <= kMostColumns ? cudaSuccess : cudaErrorInvalidValue, "launch_gather_rows: outputs");
  if (batch.rows == 0) return;
  const bool has_inputs = samples.bytes != nullptr || samples.floats != nullptr;
  const bool has_targets = samples.labels != nullptr || samples.targets != nullptr;
  check(has_inputs ? cudaSuccess : cudaErrorInvalidValue, "launch_gather_rows: inputs");
  check(has_targets || batch.t == nullptr ? cudaSuccess : cudaErrorInvalidValue, "launch_gather_rows: targets");
  const bool may_have_weights = batch.weights == nullptr || (samples.weights != nullptr && batch.t != nullptr);
  check(may_have_weights ? cudaSuccess : cudaErrorInvalidValue, "launch_gather_rows: weights");

  Part inputs;
  inputs.width =
      width_of(samples.features, can_take_four(samples.floats, samples.input_shift, samples.input_scale, batch.x) &&
                                     is_multiple_of_four(samples.bytes) && can_round_four(batch.rounded_x));
  inputs.blocks = streaming_blocks(batch.rows * samples.features, inputs.width, limits);
  Part targets;
  if (batch.t != nullptr) {
    targets.width =
        width_of(samples.outputs, can_take_four(samples.targets, samples.target_shift, samples.target_scale, batch.t));
    targets.blocks = streaming_blocks(batch.rows * samples.outputs, targets.width, limits);
  }
  const unsigned wanted = inputs.blocks + targets.blocks;
  if (wanted > limits.blocks) {  // each gets its share, and at least one
    if (targets.blocks > 0) targets.blocks = std::max(limits.blocks * targets.blocks / wanted, 1U);
    if (inputs.blocks > 0) inputs.blocks = std::max(limits.blocks - targets.blocks, 1U);
  }
  const unsigned blocks = std::clamp(wanted, 1U, limits.blocks);
  targets.first_block = blocks - targets.blocks;
  unsigned* const ticket = batch.position != nullptr && on.scratch != nullptr ? &on.scratch->tickets[0] : nullptr;
  launch(gather_rows_kernel, {.grid = blocks, .block = limits.block, .stream = on.stream}, samples, batch.order,
         batch.position, batch.rows, batch.x, batch.rounded_x, inputs, batch.t, targets, batch.weights, ticket);
}

}  // namespace gradus::kernels
