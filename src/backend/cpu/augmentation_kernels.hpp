#pragma once

#include <cstddef>
#include <cstdint>

#include "backend/distortion.hpp"
#include "formulas/input_noise.hpp"

/// The CPU's loops over samples that are changed. Compiled for several instruction sets as those of vector_kernels.hpp are.
namespace gradus::internal {

/// noisy = x + noise, for samples whose first one is visit number `first_visit`. `x`, `noisy` (rows, columns), which may be
/// the same.
void add_noise(const InputNoise& noise, std::uint64_t first_visit, const float* x, std::size_t rows, std::size_t columns,
               float* noisy);

/// mixed = part · a + (1 − part) · b, `count` of each.
void mix(float part, const float* a, const float* b, std::size_t count, float* mixed);

/// How many floats distort_image needs as working memory.
[[nodiscard]] std::size_t image_scratch(const Distortion& distortion);

/// x = the image, distorted for its visit, and scaled. `image`, `shift`, `scale`, `x` (height, width, channels); `scratch`
/// (image_scratch).
void distort_image(const Distortion& distortion, std::uint64_t visit, const float* image, const float* shift,
                   const float* scale, float* scratch, float* x);

}  // namespace gradus::internal
