#pragma once

#include <cstddef>

namespace gradus::internal {

enum class Transpose : char { no = 'N', yes = 'T' };

/// One operand of a product: where it begins and the distance between its rows in memory.
struct Operand {
  const float* data = nullptr;
  std::size_t stride = 0;
  Transpose transpose = Transpose::no;
};

/// C = alpha · op(A) op(B) + beta · C, row-major. With beta = 0 what C held does not matter.
struct Product {
  std::size_t m = 0;  ///< rows of C
  std::size_t n = 0;  ///< columns of C
  std::size_t k = 0;  ///< numbers that are multiplied and summed for each element of C
  float alpha = 1.0F;
  Operand a = {};  ///< op(A) (m, k)
  Operand b = {};  ///< op(B) (k, n)
  float beta = 0.0F;
  float* c = nullptr;        ///< (m, n)
  std::size_t stride_c = 0;  ///< the distance between C's rows
};

}  // namespace gradus::internal
