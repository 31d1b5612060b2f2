#pragma once

#include <cstddef>
#include <cstdint>

#include "backend/distortion.hpp"
#include "backend/matrix_view.hpp"
#include "formulas/input_noise.hpp"

/// The CPU's loops over samples that are changed. Compiled for several instruction sets as those of vector_kernels.hpp are.
namespace gradus::internal {

/// noisy = x + noise, for samples whose first one is visit number `first_visit`. `x` and `noisy` have the same shape, and
/// may be the same.
void add_noise(const InputNoise& noise, std::uint64_t first_visit, ConstMatrix x, float* noisy);

/// mixed = part · a + (1 − part) · b, `count` of each.
void mix(float part, const float* a, const float* b, std::size_t count, float* mixed);

/// How many floats distort_image needs as working memory.
[[nodiscard]] std::size_t image_scratch(const Distortion& distortion);

/// x = the image, distorted for its visit, and scaled. `image`, `x` (height, width, channels); `scratch` (image_scratch).
void distort_image(const ScaledDistortion& scaled, std::uint64_t visit, const float* image, float* scratch, float* x);

}  // namespace gradus::internal
