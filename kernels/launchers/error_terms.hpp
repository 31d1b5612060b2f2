#pragma once

// Error terms, their column sums, and costs. For the same shape and limits the bits of all sums are the same each time and
// on every GPU.

#include "formulas/loss.hpp"
#include "gradus/methods.hpp"
#include "on.hpp"

namespace gradus::kernels {

/// A factor that is known now or, with an address of device memory, is read there when the kernel runs.
struct Factor {
  float value = 1.0F;
  const float* on_device = nullptr;
};

/// What column sums s go into: out = beta · out + alpha · s. `out` (columns) is not read when beta is 0; null: no sums.
struct ColumnSums {
  Factor alpha = {};
  float beta = 0.0F;
  float* out = nullptr;
};

/// The output layer. Where the loss is one of the two entropies, the activation is the one that belongs to it, whatever
/// `activation` is.
struct OutputError {
  Activation activation = Activation::identity;
  internal::LossTerms loss = {};
  const float* y = nullptr;        ///< (rows, columns), as kept, t and delta
  const float* kept = nullptr;     ///< what was kept beside Y; null where neither activation nor loss needs it
  const float* t = nullptr;        ///< targets
  const float* weights = nullptr;  ///< (rows): each row's loss and derivative are multiplied by its weight; null: by 1
  std::size_t rows = 0;
  std::size_t columns = 0;  ///< at most 2²²
  float* delta = nullptr;   ///< becomes Δ; overlaps none of the others
  Bf16* rounded = nullptr;  ///< of Δ
  ColumnSums biases = {};   ///< of Δ
  double* cost = nullptr;   ///< the loss of the whole batch is added to it
};

/// Δ, the derivative of the loss by A. Blocks of at most 256 threads. Needs on.scratch.
void launch_output_error(const OutputError& layer, const On& on);

/// A hidden layer.
struct HiddenError {
  Activation activation = Activation::identity;
  const float* y = nullptr;  ///< (rows, columns): Y, or A for `gelu` and `silu`; not read for `identity`
  float* delta = nullptr;    ///< (rows, columns): Δ_{l+1} W_{l+1}, becomes Δ
  std::size_t rows = 0;
  std::size_t columns = 0;
  Bf16* rounded = nullptr;  ///< of Δ
  ColumnSums biases = {};   ///< of Δ
};

/// Δ = (Δ_{l+1} W_{l+1}) ⊙ σ′, in place. Blocks of at most 256 threads. Needs on.scratch where there are sums.
void launch_hidden_error(const HiddenError& layer, const On& on);

/// Predicted classes and the summed loss of a batch.
struct Evaluation {
  internal::LossTerms loss = {};
  const float* y = nullptr;     ///< (rows, columns), as kept and t
  const float* kept = nullptr;  ///< as in OutputError
  const float* t = nullptr;     ///< null: no cost, and then neither `cost` nor on.scratch is needed
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::int32_t* predicted = nullptr;  ///< (rows), or null: no classes
  double* cost = nullptr;             ///< the loss of the whole batch is added to it
};

/// predicted[i] becomes the column of row i's first greatest output, as std::max_element finds it: NaN in the first column
/// stays, and others are passed over. The loss is formed and added as doubles. Without columns nothing is written.
void launch_classify(const Evaluation& batch, const On& on);

}  // namespace gradus::kernels
