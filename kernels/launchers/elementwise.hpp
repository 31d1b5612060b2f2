#pragma once

// Arrays of `count` values, as if they were vectors.

#include "on.hpp"

namespace gradus::kernels {

struct RoundedValues {
  const float* values = nullptr;
  Bf16* rounded = nullptr;
  std::size_t count = 0;
};

/// rounded = values in bf16.
void launch_round(const RoundedValues& array, const On& on);

struct ScaledValues {
  float* values = nullptr;
  std::size_t count = 0;
  float factor = 1.0F;
};

/// values = factor · values, and 0 where the factor is 0, whatever they were.
void launch_scale(const ScaledValues& array, const On& on);

struct FilledValues {
  float* values = nullptr;
  std::size_t count = 0;
  float value = 0.0F;
};

/// Every value becomes `value`, without a copy from the host that would have to be waited for.
void launch_fill(const FilledValues& array, const On& on);

/// `factors` and `values` do not overlap.
struct MultipliedValues {
  const float* factors = nullptr;
  float* values = nullptr;
  std::size_t count = 0;
};

/// values = values ⊙ factors.
void launch_multiply(const MultipliedValues& array, const On& on);

}  // namespace gradus::kernels
