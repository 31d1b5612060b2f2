#pragma once

#include "backend/cpu/product.hpp"

/// Matrix products that read their operands where they lie. A library packs them first, which pays for large products alone:
/// these are for the small and the narrow ones. All run on the calling thread. Each is compiled for several instruction
/// sets; the best that the machine has is chosen at run time. How an element's sum is formed depends on the instruction set
/// and on the inner dimension, and not on where the element lies.
namespace gradus::internal {

/// C = A Bᵀ: alpha is 1, beta is 0, and only B is transposed.
void product_along_rows(const Product& product);

/// C = op(A) B or C += op(A) B: alpha is 1, beta is 0 or 1, and B is not transposed.
void product_of_columns(const Product& product);

/// C += alpha · Aᵀ B: beta is 1, and only A is transposed.
void add_transposed_product(const Product& product);

}  // namespace gradus::internal
