#pragma once

#include "formulas/optimizer.hpp"
#include "on.hpp"

namespace gradus::kernels {

/// What an optimizer keeps on the device beside its running values.
struct OptimizerProgress {
  unsigned long long steps;  ///< that were taken
  double squares;            ///< of all gradients of this step, when they are clipped
};

/// Some parameters, all of them weights or none. Arrays of `count`, which do not overlap.
struct OptimizerStep {
  internal::OptimizerSettings settings = {};
  bool decays = false;        ///< whether these are weights: weight_decay, l1 and l2 are for them
  bool only_directs = false;  ///< the gradients become the direction, with the decay in it, and the parameters stay
  const float* rate = nullptr;
  const OptimizerProgress* progress = nullptr;
  float* gradients = nullptr;
  float* parameters = nullptr;
  float* first = nullptr;   ///< running values, null where the optimizer has none
  float* second = nullptr;  ///< likewise
  std::size_t count = 0;
};

/// One step of an optimizer: parameters −= *rate · direction, and their decay. Reads progress->steps, as the number of steps
/// before this one, and for clipping progress->squares.
void launch_optimizer(const OptimizerStep& step, const On& on);

/// A step has ended: one more in progress->steps, and progress->squares is 0.
void launch_end_of_step(OptimizerProgress* progress, const On& on);

struct SquaresSum {
  const float* values = nullptr;  ///< (count)
  std::size_t count = 0;
  double* total = nullptr;
};

/// Adds Σ v² to *total. For the same count and limits the bits are the same each time and on every GPU. Needs on.scratch.
void launch_sum_of_squares(const SquaresSum& sum, const On& on);

/// Arrays of `count`, which do not overlap.
struct Descent {
  const float* gradients = nullptr;
  const float* rate = nullptr;
  const double* squares = nullptr;  ///< two, of the parameters and of the gradients, or null
  float* parameters = nullptr;
  std::size_t count = 0;
};

/// parameters −= *rate · gradients, each rounded once (a fused multiply-add). With `squares` the rate is multiplied by
/// LAMB's trust_quotient.
void launch_descend(const Descent& descent, const On& on);

}  // namespace gradus::kernels
