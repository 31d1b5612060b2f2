// Vectors whose size the compiler knows: a tile is an array of them. Where they are scalable, those of fixed size serve.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backend/cpu/direct_products.cpp"
#include <hwy/foreach_target.h>
// clang-format off: highway.h comes after foreach_target.h
#include <hwy/highway.h>
// clang-format on

#include <algorithm>
#include <cstddef>
#include <utility>

#include "backend/cpu/direct_products.hpp"
#include "backend/cpu/vector_loops-inl.hpp"

// GCC keeps an array of vectors in registers only if all that touches it is inlined before anything else is done.
#ifndef INLINE_LAMBDA
#define INLINE_LAMBDA HWY_ATTR __attribute__((always_inline))
#endif

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

// A tile's sums stay in registers, of which AVX-512 and 64-bit Arm have 32, and the others 16. There are enough sums to hide
// the latency of a multiply-add, and to load few numbers for each.
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64
constexpr std::size_t kDotRows = 6;       // × kDotColumns sums
constexpr std::size_t kOuterVectors = 4;  // × kOuterRows sums
#else
constexpr std::size_t kDotRows = 3;
constexpr std::size_t kOuterVectors = 2;
#endif
constexpr std::size_t kDotColumns = 4;
constexpr std::size_t kOuterRows = 6;

/// The depth of a product that is formed at once: kOuterVectors vectors of this many rows of B stay in the first-level
/// cache.
constexpr std::size_t kDepth = 96;

constexpr std::size_t kLanes = hn::MaxLanes(Floats());

/// function(0) … function(count − 1), with numbers that are known when this is compiled: arrays of vectors that are indexed
/// by them become registers.
template <std::size_t count, typename Function>
HWY_INLINE void unrolled(Function function) {
  [&]<std::size_t... index>(std::index_sequence<index...>) INLINE_LAMBDA {
    (function(std::integral_constant<std::size_t, index>()), ...);
  }
  (std::make_index_sequence<count>());
}

/// Calls function(first, rows) with `rows`, a constant, for nearly equal parts of 0 … count − 1 of at most `most` rows.
template <std::size_t most, typename Function>
HWY_INLINE void in_tiles(std::size_t count, Function function) {
  const std::size_t tiles = (count + most - 1) / most;
  std::size_t first = 0;
  for (std::size_t tile = 0; tile < tiles; ++tile) {
    const std::size_t rows = (count - first + tiles - tile - 1) / (tiles - tile);
    unrolled<most>([&](auto index) INLINE_LAMBDA {
      constexpr std::size_t kRows = decltype(index)::value + 1;
      if (rows == kRows) function(first, std::integral_constant<std::size_t, kRows>());
    });
    first += rows;
  }
}

/// The sums of four vectors' lanes, to four neighbours in memory.
HWY_INLINE void store_sums(const FloatVector (&vectors)[kDotColumns], float* to) {
  const Floats d;
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t j = 0; j < kDotColumns; ++j) to[j] = hn::GetLane(vectors[j]);
  static_cast<void>(d);
#else
  const hn::Repartition<double, Floats> pairs;
  const auto added = [d](FloatVector a, FloatVector b)
                         INLINE_LAMBDA { return hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b)); };
  const auto first = hn::BitCast(pairs, added(vectors[0], vectors[1]));
  const auto second = hn::BitCast(pairs, added(vectors[2], vectors[3]));
  const auto blocks = hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, first, second)),
                              hn::BitCast(d, hn::InterleaveUpper(pairs, first, second)));
  // Each block of four lanes holds the four sums over the vectors' same block.
  if constexpr (kLanes == 16) {
    const hn::Half<Floats> half;
    const hn::Half<decltype(half)> quarter;
    const auto halves = hn::Add(hn::LowerHalf(half, blocks), hn::UpperHalf(half, blocks));
    hn::StoreU(hn::Add(hn::LowerHalf(quarter, halves), hn::UpperHalf(quarter, halves)), quarter, to);
  } else if constexpr (kLanes == 8) {
    const hn::Half<Floats> half;
    hn::StoreU(hn::Add(hn::LowerHalf(half, blocks), hn::UpperHalf(half, blocks)), half, to);
  } else {
    hn::StoreU(blocks, d, to);
  }
#endif
}

/// `rows` × `columns` elements of C = A Bᵀ.
template <std::size_t rows, std::size_t columns>
HWY_INLINE void dot_tile(std::size_t k, const float* a, std::size_t stride_a, const float* b, std::size_t stride_b, float* c,
                         std::size_t stride_c) {
  const Floats d;
  FloatVector sums[rows][kDotColumns];
  unrolled<rows>([&](auto i)
                     INLINE_LAMBDA { unrolled<kDotColumns>([&](auto j) INLINE_LAMBDA { sums[i][j] = hn::Zero(d); }); });
  const auto add = [&](auto load) INLINE_LAMBDA {
    FloatVector left[rows];
    unrolled<rows>([&](auto i) INLINE_LAMBDA { left[i] = load(a + i * stride_a); });
    unrolled<columns>([&](auto j) INLINE_LAMBDA {
      const auto right = load(b + j * stride_b);
      unrolled<rows>([&](auto i) INLINE_LAMBDA { sums[i][j] = hn::MulAdd(left[i], right, sums[i][j]); });
    });
  };
  std::size_t p = 0;
  for (; p + kLanes <= k; p += kLanes) add([&](const float* from) INLINE_LAMBDA { return hn::LoadU(d, from + p); });
  if (p < k) add([&](const float* from) INLINE_LAMBDA { return load_tail(from + p, k - p); });
  unrolled<rows>([&](auto i) INLINE_LAMBDA {
    if constexpr (columns == kDotColumns) {
      store_sums(sums[i], c + i * stride_c);
    } else {
      float row[kDotColumns];
      store_sums(sums[i], row);
      std::copy_n(row, columns, c + i * stride_c);
    }
  });
}

/// A function of its own, so that the compiler gives registers to one tile at a time.
template <std::size_t rows>
HWY_NOINLINE void dot_rows(std::size_t n, std::size_t k, const float* a, std::size_t stride_a, const float* b,
                           std::size_t stride_b, float* c, std::size_t stride_c) {
  std::size_t j = 0;
  for (; j + kDotColumns <= n; j += kDotColumns)
    dot_tile<rows, kDotColumns>(k, a, stride_a, b + j * stride_b, stride_b, c + j, stride_c);
  unrolled<kDotColumns - 1>([&](auto index) INLINE_LAMBDA {
    constexpr std::size_t kColumns = decltype(index)::value + 1;
    if (n - j == kColumns) dot_tile<rows, kColumns>(k, a, stride_a, b + j * stride_b, stride_b, c + j, stride_c);
  });
}

void product_along_rows(const Product& product) {
  const Operand a = product.a;
  const Operand b = product.b;
  in_tiles<kDotRows>(product.m, [&](std::size_t first, auto rows) INLINE_LAMBDA {
    dot_rows<decltype(rows)::value>(product.n, product.k, a.data + first * a.stride, a.stride, b.data, b.stride,
                                    product.c + first * product.stride_c, product.stride_c);
  });
}

/// C = A B, or C += A B, for `rows` rows of C and `vectors` vectors of each row; `last` lanes of the last vector count.
template <std::size_t rows, std::size_t vectors, bool is_last>
HWY_NOINLINE void outer_tile(std::size_t k, const float* a, std::size_t row, std::size_t column, const float* b,
                             std::size_t stride_b, bool adds, float* c, std::size_t stride_c, std::size_t last) {
  const Floats d;
  const auto load = [&](const float* from, auto v) INLINE_LAMBDA {
    if constexpr (is_last && decltype(v)::value == vectors - 1) {
      return load_tail(from + v * kLanes, last);
    } else {
      return hn::LoadU(d, from + v * kLanes);
    }
  };
  const auto each_sum = [&](auto function) INLINE_LAMBDA {
    unrolled<rows>([&](auto i) INLINE_LAMBDA { unrolled<vectors>([&](auto v) INLINE_LAMBDA { function(i, v); }); });
  };
  FloatVector sums[rows][vectors];
  if (adds)
    each_sum([&](auto i, auto v) INLINE_LAMBDA { sums[i][v] = load(c + i * stride_c, v); });
  else
    each_sum([&](auto i, auto v) INLINE_LAMBDA { sums[i][v] = hn::Zero(d); });
  for (std::size_t p = 0; p < k; ++p) {
    FloatVector line[vectors];
    unrolled<vectors>([&](auto v) INLINE_LAMBDA { line[v] = load(b, v); });
    unrolled<rows>([&](auto i) INLINE_LAMBDA {
      const auto factor = hn::Set(d, a[i * row]);
      unrolled<vectors>([&](auto v) INLINE_LAMBDA { sums[i][v] = hn::MulAdd(factor, line[v], sums[i][v]); });
    });
    a += column;
    b += stride_b;
  }
  each_sum([&](auto i, auto v) INLINE_LAMBDA {
    if constexpr (is_last && decltype(v)::value == vectors - 1) {
      store_tail(sums[i][v], c + i * stride_c + v * kLanes, last);
    } else {
      hn::StoreU(sums[i][v], d, c + i * stride_c + v * kLanes);
    }
  });
}

void product_of_columns(const Product& product) {
  const std::size_t k = product.k;
  const Operand a = product.a;
  const Operand b = product.b;
  // Element (i, p) of op(A) is at a.data[i · row + p · column].
  const std::size_t row = a.transpose == Transpose::yes ? 1 : a.stride;
  const std::size_t column = a.transpose == Transpose::yes ? a.stride : 1;
  const bool adds = product.beta != 0.0F;
  // Columns outside: what is read of B for the first rows is in the cache for the others.
  const auto columns = [&](std::size_t j, auto vectors, auto is_last, std::size_t last, std::size_t p) INLINE_LAMBDA {
    in_tiles<kOuterRows>(product.m, [&](std::size_t first, auto rows) INLINE_LAMBDA {
      outer_tile<decltype(rows)::value, decltype(vectors)::value, decltype(is_last)::value>(
          std::min(kDepth, k - p), a.data + first * row + p * column, row, column, b.data + p * b.stride + j, b.stride,
          adds || p > 0, product.c + first * product.stride_c + j, product.stride_c, last);
    });
  };
  const std::size_t n = product.n;
  for (std::size_t p = 0; p < k; p += kDepth) {
    std::size_t j = 0;
    for (; j + kOuterVectors * kLanes <= n; j += kOuterVectors * kLanes)
      columns(j, std::integral_constant<std::size_t, kOuterVectors>(), std::false_type(), 0, p);
    const std::size_t left = (n - j + kLanes - 1) / kLanes;
    unrolled<kOuterVectors>([&](auto index) INLINE_LAMBDA {
      constexpr std::size_t kVectors = decltype(index)::value + 1;
      if (left == kVectors)
        columns(j, std::integral_constant<std::size_t, kVectors>(), std::true_type(), n - j - (kVectors - 1) * kLanes, p);
    });
  }
}

void add_transposed_product(const Product& product) {
  // This many rows of A are multiplied by alpha at once, which costs less than to multiply what is added to C.
  constexpr std::size_t kRowsAtOnce = 10 * kOuterRows;
  HWY_ALIGN float scaled[kDepth * kRowsAtOnce];
  const auto times_alpha = [alpha = product.alpha](auto value)
                               INLINE_LAMBDA { return hn::Mul(hn::Set(Floats(), alpha), value); };
  const Operand a = product.a;
  const Operand b = product.b;
  for (std::size_t p = 0; p < product.k; p += kDepth) {
    const std::size_t depth = std::min(kDepth, product.k - p);
    for (std::size_t i = 0; i < product.m; i += kRowsAtOnce) {
      const std::size_t rows = std::min(kRowsAtOnce, product.m - i);
      for (std::size_t q = 0; q < depth; ++q)
        transform(rows, scaled + q * rows, times_alpha, a.data + (p + q) * a.stride + i);
      product_of_columns({.m = rows,
                          .n = product.n,
                          .k = depth,
                          .a = {scaled, rows, Transpose::yes},
                          .b = {b.data + p * b.stride, b.stride},
                          .beta = 1.0F,
                          .c = product.c + i * product.stride_c,
                          .stride_c = product.stride_c});
    }
  }
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gradus::internal {

HWY_EXPORT(product_along_rows);
HWY_EXPORT(product_of_columns);
HWY_EXPORT(add_transposed_product);

void product_along_rows(const Product& product) {
  HWY_DYNAMIC_DISPATCH(product_along_rows)(product);
}

void product_of_columns(const Product& product) {
  HWY_DYNAMIC_DISPATCH(product_of_columns)(product);
}

void add_transposed_product(const Product& product) {
  HWY_DYNAMIC_DISPATCH(add_transposed_product)(product);
}

}  // namespace gradus::internal
#endif
