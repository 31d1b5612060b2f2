#pragma once

// What follows the matrix product of a layer.

#include "gradus/methods.hpp"
#include "on.hpp"

namespace gradus::kernels {

struct BiasActivation {
  Activation activation = Activation::identity;
  const float* bias = nullptr;  ///< (columns)
  float* a = nullptr;           ///< (rows, columns): A, becomes Y
  std::size_t rows = 0;
  std::size_t columns = 0;
  float* kept = nullptr;    ///< (rows, columns), or null: becomes A + b, or ln Y of softmax
  Bf16* rounded = nullptr;  ///< of Y
};

/// Y = σ(A + b), in place.
void launch_bias_activation(const BiasActivation& layer, const On& on);

/// Y = softmax(A + b) row by row, whatever `activation` is. A row with NaN or +infinity becomes NaN. For the
/// same columns the bits are the same on every GPU, whatever the limits.
void launch_bias_softmax(const BiasActivation& layer, const On& on);

}  // namespace gradus::kernels
