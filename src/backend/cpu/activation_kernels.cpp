#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backend/cpu/activation_kernels.cpp"
#include <hwy/foreach_target.h>
// clang-format off: highway.h comes after foreach_target.h
#include <hwy/highway.h>
// clang-format on

#include "backend/cpu/activations-inl.hpp"
#include "backend/cpu/vector_kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

constexpr std::size_t kShortRow = 512;

/// Rows without a gap between them are one long row, along which the biases come again and again. So no vector is cut at a
/// row's end: a load right behind a store of a part of a vector waits until that is in the cache.
template <typename Function>
HWY_INLINE void bias_activation_of_short_rows(float* y, const float* b, std::size_t count, std::size_t columns,
                                              Function function) {
  if (count == 0) return;
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN float biases[kShortRow + HWY_MAX_BYTES / sizeof(float)];
  for (std::size_t j = 0; j < columns + lanes; ++j) biases[j] = b[j % columns];
  const std::size_t advance = lanes % columns;
  std::size_t column = 0;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::StoreU(function.value(hn::Add(hn::LoadU(d, y + i), hn::LoadU(d, biases + column))), d, y + i);
    column += advance;
    if (column >= columns) column -= columns;
  }
  if (i < count) {
    const auto sums = hn::Add(load_tail(y + i, count - i), hn::LoadU(d, biases + column));
    store_tail(function.value(sums), y + i, count - i);
  }
}

void bias_activation(float* y, const float* b, std::size_t rows, std::size_t columns, Activation activation) {
  with_activation(activation, [=](auto function) HWY_ATTR {
    if (columns <= kShortRow) return bias_activation_of_short_rows(y, b, rows * columns, columns, function);
    for (std::size_t row = 0; row < rows; ++row) {
      float* values = y + row * columns;
      transform(
          columns, values, [=](auto x, auto bias) HWY_ATTR { return function.value(hn::Add(x, bias)); }, values, b);
    }
  });
}

/// One stretch of squared_error_terms, short enough that a sum of floats loses nothing that matters.
template <typename Function>
HWY_INLINE float squared_error_stretch(const float* y, const float* t, std::size_t count, float* delta, Function function) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  auto sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto output = hn::LoadU(d, y + i);
    const auto error = hn::Sub(output, hn::LoadU(d, t + i));
    sum = hn::MulAdd(error, error, sum);
    hn::StoreU(function.times_derivative(error, output), d, delta + i);
  }
  if (i < count) {
    const auto output = load_tail(y + i, count - i);
    const auto error = hn::Sub(output, load_tail(t + i, count - i));
    sum = hn::MulAdd(error, error, sum);
    store_tail(function.times_derivative(error, output), delta + i, count - i);
  }
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

double squared_error_terms(const float* y, const float* t, std::size_t count, Activation activation, float* delta) {
  constexpr std::size_t kStretch = 4096;
  double total = 0.0;
  with_activation(activation, [&](auto function) HWY_ATTR {
    for (std::size_t first = 0; first < count; first += kStretch)
      total += static_cast<double>(
          squared_error_stretch(y + first, t + first, HWY_MIN(kStretch, count - first), delta + first, function));
  });
  return total;
}

void multiply_by_derivative(const float* y, std::size_t count, Activation activation, float* delta) {
  if (activation == Activation::identity) return;
  with_activation(activation, [=](auto function) HWY_ATTR {
    transform(
        count, delta, [=](auto error, auto output) HWY_ATTR { return function.times_derivative(error, output); }, delta, y);
  });
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gradus::internal {

HWY_EXPORT(bias_activation);
HWY_EXPORT(squared_error_terms);
HWY_EXPORT(multiply_by_derivative);

void bias_activation(float* y, const float* b, std::size_t rows, std::size_t columns, Activation activation) {
  HWY_DYNAMIC_DISPATCH(bias_activation)(y, b, rows, columns, activation);
}

double squared_error_terms(const float* y, const float* t, std::size_t count, Activation activation, float* delta) {
  return HWY_DYNAMIC_DISPATCH(squared_error_terms)(y, t, count, activation, delta);
}

void multiply_by_derivative(const float* y, std::size_t count, Activation activation, float* delta) {
  HWY_DYNAMIC_DISPATCH(multiply_by_derivative)(y, count, activation, delta);
}

}  // namespace gradus::internal
#endif
