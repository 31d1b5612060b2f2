#pragma once

#include <cstddef>

/// Matrix products that read their operands where they lie. A library packs them first, which pays for large products alone:
/// these are for the small and the narrow ones. All run on the calling thread. Each is compiled for several instruction
/// sets; the best that the machine has is chosen at run time. How an element's sum is formed depends on the instruction set
/// and on the inner dimension, and not on where the element lies.
namespace gradus::internal {

/// C (m, n) = A Bᵀ. `a` (m, k) and `b` (n, k), row-major; `stride_…` is the distance between rows. What C held does not
/// matter.
void product_along_rows(std::size_t m, std::size_t n, std::size_t k, const float* a, std::size_t stride_a, const float* b,
                        std::size_t stride_b, float* c, std::size_t stride_c);

/// A (m, k) in memory of any order: the element (i, p) is at data[i · row + p · column].
struct StridedOperand {
  const float* data;
  std::size_t row;
  std::size_t column;
};

/// C (m, n) = A B, or C += A B when `adds`. `b` (k, n) and `c`, row-major. Without `adds` what C held does not matter.
void product_of_columns(std::size_t m, std::size_t n, std::size_t k, StridedOperand a, const float* b, std::size_t stride_b,
                        bool adds, float* c, std::size_t stride_c);

/// C (m, n) += alpha · Aᵀ B. `a` (k, m), `b` (k, n) and `c`, row-major.
void add_transposed_product(std::size_t m, std::size_t n, std::size_t k, float alpha, const float* a, std::size_t stride_a,
                            const float* b, std::size_t stride_b, float* c, std::size_t stride_c);

}  // namespace gradus::internal
