#pragma once

// What training does to its samples and units, drawn anew whenever a sample is visited. Row i is visit number *visits + i;
// the structures (formulas/distortion.hpp and its neighbours) define what is drawn for it.

#include "formulas/distortion.hpp"
#include "formulas/dropout.hpp"
#include "formulas/input_noise.hpp"
#include "formulas/mixup.hpp"
#include "on.hpp"

namespace gradus::kernels {

/// `y`, `dropped` and `factors` (rows, columns) do not overlap.
struct DroppedNodes {
  internal::Dropout dropout;
  const unsigned long long* visits = nullptr;
  const float* y = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  float* dropped = nullptr;
  float* factors = nullptr;
  Bf16* rounded = nullptr;  ///< of dropped
};

/// Dropout: factors = 0 for the units that are dropped and Dropout::kept_factor for the others, and dropped = y ⊙ factors.
void launch_drop(const DroppedNodes& nodes, const On& on);

/// `x` and `noisy` (rows, columns), which may be the same.
struct NoisyInputs {
  internal::InputNoise noise;
  const unsigned long long* visits = nullptr;
  const float* x = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  float* noisy = nullptr;
  Bf16* rounded = nullptr;  ///< of noisy
};

/// noisy = x + N(0, deviation²).
void launch_add_noise(const NoisyInputs& inputs, const On& on);

/// `values` and `mixed` (rows, columns) do not overlap; fewer than 2^32 rows.
struct MixedRows {
  internal::Mixup mixup;
  const unsigned long long* visits = nullptr;
  const float* values = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  float* mixed = nullptr;
  Bf16* rounded = nullptr;  ///< of mixed
};

/// mixed = λ · values + (1 − λ) · those of a row further on. What belongs to the same rows (inputs, targets) is mixed alike
/// by launches with the same mixup and visits.
void launch_mix_rows(const MixedRows& rows, const On& on);

/// The Gaussian of a distortion: an odd number of values, or none where there are no displacements.
struct DeviceFilter {
  const float* values = nullptr;
  unsigned size = 0;
};

/// `images` and `x` (rows, height · width · channels) do not overlap.
struct DistortedImages {
  internal::DistortionWith<DeviceFilter> distortion;
  const float* input_shift = nullptr;  ///< (height, width, channels): an input is (value − shift) · scale
  const float* input_scale = nullptr;
  // Working memory of any content. The last two: where there are displacements.
  internal::ImageTransform* transforms = nullptr;  ///< (rows)
  float* drawn = nullptr;                          ///< (rows, 2, height, width)
  float* smoothed = nullptr;                       ///< (rows, 2, height, width)

  const unsigned long long* visits = nullptr;
  std::size_t first_row = 0;  ///< of these in the batch: row i is visit number *visits + first_row + i
  const float* images = nullptr;
  std::size_t rows = 0;
  float* x = nullptr;
  Bf16* rounded = nullptr;  ///< of x
};

/// x = the images, distorted and scaled.
void launch_distort(const DistortedImages& images, const On& on);

/// *visits += count.
void launch_count_visits(unsigned long long* visits, std::size_t count, const On& on);

}  // namespace gradus::kernels
