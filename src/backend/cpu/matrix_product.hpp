#pragma once

#include <cstddef>

namespace gradus::internal {

enum class Transpose : char { no = 'N', yes = 'T' };

/// One operand of a product: where it begins and the distance between its rows in memory.
struct Operand {
  const float* data;
  std::size_t stride;
  Transpose transpose = Transpose::no;
};

/// C (m, n) = alpha · op(A) op(B) + beta · C, row-major, op(A) (m, k), op(B) (k, n), `stride_c` between C's rows.
/// On the calling thread alone. With beta = 0 what C held does not matter. Throws OutOfMemory.
void matrix_product(std::size_t m, std::size_t n, std::size_t k, float alpha, Operand a, Operand b, float beta, float* c,
                    std::size_t stride_c);

/// Whether A Bᵀ of this shape, and of fewer rows, is formed row by row: then it costs nothing to cut it between rows.
[[nodiscard]] bool goes_row_by_row(std::size_t m, std::size_t n, std::size_t k);

}  // namespace gradus::internal
