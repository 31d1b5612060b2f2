#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "backend/cpu/partition.hpp"
#include "backend/loss.hpp"
#include "backend/matrix_view.hpp"
#include "backend/sample_source.hpp"
#include "gradus/network_spec.hpp"

/// The CPU's elementwise loops. Each is compiled for several instruction sets (SSE4 to AVX-512, NEON, SVE); the best that
/// the machine has is chosen at run time. NaN goes in, NaN comes out. All run on the calling thread.
namespace gradus::internal {

/// Y = σ(Y + b) in place. `y` (rows, columns), `b` (columns). `kept` (rows, columns), or null: becomes Y + b as it was
/// before σ; of softmax, ln y.
void bias_activation(float* y, const float* b, std::size_t rows, std::size_t columns, Activation activation,
                     float* kept = nullptr);

/// Rows of an output layer.
struct OutputRows {
  Activation activation = Activation::identity;
  LossFunction loss = Loss::mse;
  std::size_t rows = 0;
  std::size_t columns = 0;
  const float* y = nullptr;     ///< (rows, columns), as kept, t and delta
  const float* kept = nullptr;  ///< what bias_activation kept, or null where neither derivative nor loss needs it
  const float* t = nullptr;     ///< targets
  float* delta = nullptr;       ///< becomes Δ
};

/// Δ, the derivative of the loss by A. Returns the sum of the losses over all rows.
double output_error_terms(const OutputRows& output);

/// Δ = Δ ⊙ σ′ in place over `count` elements. `argument` is Y, or what was kept where derivative_needs_input says so.
void multiply_by_derivative(const float* argument, std::size_t count, Activation activation, float* delta);

/// values = factor · values, `count` of them.
void scale_values(float factor, std::size_t count, float* values);

/// sums[j] = beta · sums[j] + alpha · Σ_i delta[i][j] for these columns j. `sums` (delta.columns).
/// With beta = 0 what the sums held does not matter.
void column_sums(ConstMatrix delta, Range columns, float alpha, float beta, float* sums);

/// x[i] = (inputs of sample order[i] − shift) · scale. `x` (order.size(), source.features).
void gather_inputs(const SampleSource& source, std::span<const std::uint32_t> order, float* x);

/// Begins to bring the inputs of samples that will be gathered soon into the second cache, and does not wait for them.
void fetch_inputs(const SampleSource& source, std::span<const std::uint32_t> samples);

/// t[i] = the target of sample order[i]: a row of the identity, or scaled values. `t` (order.size(), source.outputs).
void gather_targets(const SampleSource& source, std::span<const std::uint32_t> order, float* t);

/// The instruction sets that this machine and this build have in common, best first.
[[nodiscard]] std::vector<std::string> instruction_sets();

}  // namespace gradus::internal
