#pragma once

// The losses: what an output y with the target t adds to the cost, and the derivative of that by y, or by a for the two
// entropies, whose activation belongs to them. The choice is made per element, since it is the same for all of a launch: a
// kernel for each pair of a loss and an activation would be many.

#include "device.cuh"
#include "formulas/loss.hpp"

namespace gradus::kernels {

/// Whether the derivative is still to be multiplied by that of the activation.
__host__ __device__ inline bool is_times_derivative(Loss loss) {
  return loss != Loss::cross_entropy && loss != Loss::binary_cross_entropy;
}

/// The derivative.
__device__ inline float loss_slope(const internal::LossTerms& loss, float y, float t) {
  const float error = y - t;
  switch (loss.kind) {
    case Loss::mse:
    case Loss::binary_cross_entropy:
      return error;
    case Loss::cross_entropy:
      return y - fmaf(loss.scale, t, loss.shift);
    case Loss::huber:
      return fabsf(error) > loss.delta ? copysignf(loss.delta, error) : error;
    case Loss::mae:
      return fabsf(error) > 0.0F ? copysignf(1.0F, error) : error;
  }
  return error;
}

/// The cost, twice that of `mse`: the half comes at the end (cost_factor), which is exact. Operations by name, so that
/// no compiler folds one into a sum.
__device__ inline float loss_value(const internal::LossTerms& loss, float y, float kept, float t, float slope) {
  switch (loss.kind) {
    case Loss::mse:
      return __fmul_rn(slope, slope);
    case Loss::cross_entropy:
      return __fmul_rn(-fmaf(loss.scale, t, loss.shift), kept);
    case Loss::binary_cross_entropy:
      // max(a, 0) − a t + ln(1 + e^{-|a|})
      return fmaf(-kept, t, kept < 0.0F ? 0.0F : kept) + log1pf(expf(-fabsf(kept)));
    case Loss::huber:
      return __fmul_rn(slope, fmaf(-0.5F, slope, y - t));
    case Loss::mae:
      return fabsf(y - t);
  }
  return 0.0F;
}

/// The same in double, for evaluations.
__device__ inline double exact_loss_value(const internal::LossTerms& loss, float output, float beside, float target) {
  const auto y = static_cast<double>(output);
  const auto kept = static_cast<double>(beside);
  const auto t = static_cast<double>(target);
  const double error = y - t;
  const double size = fabs(error);
  const auto delta = static_cast<double>(loss.delta);
  switch (loss.kind) {
    case Loss::mse:
      return error * error;
    case Loss::cross_entropy:
      return -fma(static_cast<double>(loss.scale), t, static_cast<double>(loss.shift)) * kept;
    case Loss::binary_cross_entropy:
      return fma(-kept, t, kept < 0.0 ? 0.0 : kept) + log1p(exp(-fabs(kept)));
    case Loss::huber:
      return size > delta ? delta * (size - 0.5 * delta) : 0.5 * error * error;
    case Loss::mae:
      return size;
  }
  return 0.0;
}

__host__ __device__ inline double cost_factor(Loss loss) {
  return loss == Loss::mse ? 0.5 : 1.0;
}

}  // namespace gradus::kernels
