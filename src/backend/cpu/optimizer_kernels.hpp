#pragma once

#include <cstddef>
#include <span>

#include "backend/optimizer.hpp"

/// The CPU's loops over all parameters. Compiled for several instruction sets as those of vector_kernels.hpp are; all run on
/// the calling thread.
namespace gradus::internal {

/// What one step of an optimizer is made of, for weights or for biases.
struct OptimizerPass {
  OptimizerSettings settings;
  StepNumbers step = {};
  bool decays = false;  // whether these are weights
};

/// Some parameters with their gradients and running values (null where the optimizer has none), `count` of each.
struct OptimizerSlice {
  std::size_t count;
  float* gradients;
  float* parameters;
  float* first;
  float* second;
};

/// parameters −= rate · direction, and the decay of weights.
void optimizer_pass(const OptimizerPass& pass, const OptimizerSlice& slice);

/// The gradients become the direction, for LAMB with the decay in it; the parameters stay.
void optimizer_direction(const OptimizerPass& pass, const OptimizerSlice& slice);

/// parameters −= rate · gradients.
void descend(const float* gradients, std::size_t count, float rate, float* parameters);

/// Σ v², in double over stretches that are added as floats.
[[nodiscard]] double sum_of_squares(std::span<const float> values);

}  // namespace gradus::internal
