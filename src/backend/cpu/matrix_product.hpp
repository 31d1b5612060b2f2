#pragma once

#include <cstddef>

#include "backend/cpu/product.hpp"

namespace gradus::internal {

/// Forms a product on the calling thread alone. Throws OutOfMemory.
void matrix_product(const Product& product);

/// Whether A Bᵀ of this shape, and of fewer rows, is formed row by row: then it costs nothing to cut it between rows.
[[nodiscard]] bool goes_row_by_row(std::size_t m, std::size_t n, std::size_t k);

}  // namespace gradus::internal
