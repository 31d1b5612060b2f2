#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backend/cpu/activation_kernels.cpp"
#include <hwy/foreach_target.h>
// clang-format off: highway.h comes after foreach_target.h
#include <hwy/highway.h>
// clang-format on

#include <cmath>

#include "backend/cpu/activations-inl.hpp"
#include "backend/cpu/losses-inl.hpp"
#include "backend/cpu/vector_kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace gradus::internal::HWY_NAMESPACE {

constexpr std::size_t kShortRow = 512;

/// Rows without a gap between them are one long row, along which the biases come again and again. So no vector is cut at a
/// row's end: a load right behind a store of a part of a vector waits until that is in the cache.
template <bool keeps, typename Function>
HWY_INLINE void bias_activation_of_short_rows(float* y, const float* b, std::size_t count, std::size_t columns,
                                              Function function, float* kept) {
  if (count == 0) return;
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  HWY_ALIGN float biases[kShortRow + HWY_MAX_BYTES / sizeof(float)];
  for (std::size_t j = 0; j < columns + lanes; ++j) biases[j] = b[j % columns];
  const std::size_t advance = lanes % columns;
  std::size_t column = 0;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto sums = hn::Add(hn::LoadU(d, y + i), hn::LoadU(d, biases + column));
    if constexpr (keeps) hn::StoreU(sums, d, kept + i);
    hn::StoreU(function.value(sums), d, y + i);
    column += advance;
    if (column >= columns) column -= columns;
  }
  if (i < count) {
    const auto sums = hn::Add(load_tail(y + i, count - i), hn::LoadU(d, biases + column));
    if constexpr (keeps) store_tail(sums, kept + i, count - i);
    store_tail(function.value(sums), y + i, count - i);
  }
}

void bias_activation(float* y, const float* b, std::size_t rows, std::size_t columns, Activation activation, float* kept) {
  with_activation(activation, [=](auto function) HWY_ATTR {
    if (columns <= kShortRow) {
      if (kept != nullptr) return bias_activation_of_short_rows<true>(y, b, rows * columns, columns, function, kept);
      return bias_activation_of_short_rows<false>(y, b, rows * columns, columns, function, kept);
    }
    for (std::size_t row = 0; row < rows; ++row) {
      float* const values = y + row * columns;
      const auto value = [=](auto x) HWY_ATTR { return function.value(x); };
      const auto sum = [](auto x, auto bias) HWY_ATTR { return hn::Add(x, bias); };
      if (kept != nullptr) {
        transform(columns, kept + row * columns, sum, values, b);
        transform(columns, values, value, kept + row * columns);
      } else {
        transform(
            columns, values, [=](auto x, auto bias) HWY_ATTR { return value(sum(x, bias)); }, values, b);
      }
    }
  });
}

/// One stretch of output_error_terms, short enough that a sum of floats loses nothing that matters.
template <typename Function, typename LossOfOutput>
HWY_INLINE float output_error_stretch(const float* y, const float* kept, const float* t, std::size_t count, float* delta,
                                      Function function, LossOfOutput loss) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  auto sum = hn::Zero(d);
  const auto term = [&](auto output, auto target, [[maybe_unused]] auto load) HWY_ATTR {
    const auto slope = loss.slope(output, target);
    auto beside = output;
    if constexpr (LossOfOutput::kNeedsKept) beside = load(kept);
    sum = loss.plus_cost(sum, output, beside, target, slope);
    if constexpr (!LossOfOutput::kIsTimesDerivative) return slope;
    auto at = output;
    if constexpr (Function::kNeedsInput) at = load(kept);
    return function.times_derivative(slope, at);
  };
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto load = [&](const float* from) HWY_ATTR { return hn::LoadU(d, from + i); };
    hn::StoreU(term(load(y), load(t), load), d, delta + i);
  }
  if (i < count) {
    const auto load = [&](const float* from) HWY_ATTR { return load_tail(from + i, count - i); };
    const auto before = sum;
    store_tail(term(load(y), load(t), load), delta + i, count - i);
    // Lanes beyond the end are left out of the sum.
    sum = hn::IfThenElse(hn::FirstN(d, count - i), sum, before);
  }
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

double output_error_terms(const OutputRows& output) {
  constexpr std::size_t kStretch = 4096;
  const std::size_t count = output.rows * output.columns;
  double total = 0.0;
  const auto stretches = [&](auto function, auto of_output) HWY_ATTR {
    for (std::size_t first = 0; first < count; first += kStretch) {
      const float* const kept = output.kept == nullptr ? nullptr : output.kept + first;
      total += static_cast<double>(output_error_stretch(output.y + first, kept, output.t + first,
                                                        HWY_MIN(kStretch, count - first), output.delta + first, function,
                                                        of_output));
    }
    total *= decltype(of_output)::kFactor;
  };
  with_loss(output.loss, output.columns, [&](auto of_output) HWY_ATTR {
    if constexpr (decltype(of_output)::kIsTimesDerivative) {
      with_activation(output.activation, [&](auto function) HWY_ATTR { stretches(function, of_output); });
    } else {
      stretches(Identity(), of_output);
    }
  });
  return total;
}

void multiply_by_derivative(const float* argument, std::size_t count, Activation activation, float* delta) {
  if (activation == Activation::identity) return;
  with_activation(activation, [=](auto function) HWY_ATTR {
    transform(
        count, delta, [=](auto error, auto at) HWY_ATTR { return function.times_derivative(error, at); }, delta, argument);
  });
}

/// A row's greatest value, its sum of e^(a − greatest), and y = e^(a − greatest) / sum; in place. A row of NaN, or with an
/// infinity, becomes NaN.
HWY_INLINE void softmax_row(float* y, const float* b, std::size_t columns, float* kept) {
  transform(
      columns, y, [](auto x, auto bias) HWY_ATTR { return hn::Add(x, bias); }, y, b);
  float greatest = y[0];
  for (std::size_t j = 1; j < columns; ++j) greatest = y[j] > greatest || y[j] != y[j] ? y[j] : greatest;
  const auto shifted = [=](auto a) HWY_ATTR { return hn::Sub(a, hn::Set(Floats(), greatest)); };
  if (kept != nullptr) transform(columns, kept, shifted, y);
  const auto exponential = [=](auto a) HWY_ATTR {
    const auto x = shifted(a);
    return keep_nan(x, hn::Exp(Floats(), hn::Max(hn::Set(Floats(), -100.0F), x)));
  };
  transform(columns, y, exponential, y);
  double sum = 0.0;
  for (std::size_t j = 0; j < columns; ++j) sum += static_cast<double>(y[j]);
  const auto inverse = static_cast<float>(1.0 / sum);
  const auto logarithm = static_cast<float>(std::log(sum));
  transform(
      columns, y, [=](auto e) HWY_ATTR { return hn::Mul(e, hn::Set(Floats(), inverse)); }, y);
  if (kept != nullptr)
    transform(
        columns, kept, [=](auto x) HWY_ATTR { return hn::Sub(x, hn::Set(Floats(), logarithm)); }, kept);
}

void bias_softmax(float* y, const float* b, std::size_t rows, std::size_t columns, float* kept) {
  for (std::size_t row = 0; row < rows; ++row)
    softmax_row(y + row * columns, b, columns, kept == nullptr ? nullptr : kept + row * columns);
}

}  // namespace gradus::internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gradus::internal {

HWY_EXPORT(bias_activation);
HWY_EXPORT(bias_softmax);
HWY_EXPORT(output_error_terms);
HWY_EXPORT(multiply_by_derivative);

void bias_activation(float* y, const float* b, std::size_t rows, std::size_t columns, Activation activation, float* kept) {
  if (activation == Activation::softmax)
    HWY_DYNAMIC_DISPATCH(bias_softmax)(y, b, rows, columns, kept);
  else
    HWY_DYNAMIC_DISPATCH(bias_activation)(y, b, rows, columns, activation, kept);
}

double output_error_terms(const OutputRows& output) {
  return HWY_DYNAMIC_DISPATCH(output_error_terms)(output);
}

void multiply_by_derivative(const float* argument, std::size_t count, Activation activation, float* delta) {
  HWY_DYNAMIC_DISPATCH(multiply_by_derivative)(argument, count, activation, delta);
}

}  // namespace gradus::internal
#endif
