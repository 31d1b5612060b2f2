#include "backend/cost.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::internal {
namespace {

/// The least normal float: replaces an output that was rounded to 0.
constexpr double kLeast = 0x1p-126;

/// −t′ ln y.
double cross_entropy(double scale, double shift, double y, const float* kept, double t) {
  const double logarithm = kept == nullptr ? std::log(std::max(y, kLeast)) : static_cast<double>(*kept);
  return -(scale * t + shift) * (y != y ? y : logarithm);
}

/// −t ln y − (1 − t) ln(1 − y), of y or of a, where y = σ(a).
double binary_cross_entropy(double y, const float* kept, double t) {
  if (kept == nullptr)
    return y != y ? y : -t * std::log(std::max(y, kLeast)) - (1.0 - t) * std::log(std::max(1.0 - y, kLeast));
  const auto a = static_cast<double>(*kept);
  return (a < 0.0 ? 0.0 : a) - a * t + std::log1p(std::exp(-std::abs(a)));
}

double huber(double delta, double error) {
  const double size = std::abs(error);
  return size > delta ? delta * (size - 0.5 * delta) : 0.5 * error * error;
}

}  // namespace

double cost_of_outputs(const LossFunction& loss, std::size_t outputs, const float* y, const float* kept, const float* t,
                       std::size_t count) {
  const auto sum = [&](auto term) {
    double total = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      total += term(static_cast<double>(y[i]), kept == nullptr ? nullptr : kept + i, static_cast<double>(t[i]));
    }
    return total;
  };
  const auto smoothing = static_cast<double>(loss.label_smoothing);
  const double shift = smoothing / static_cast<double>(outputs);
  switch (loss.kind) {
    case Loss::mse:
      return 0.5 * sum([](double output, const float*, double target) { return (output - target) * (output - target); });
    case Loss::cross_entropy:
      return sum([&](double output, const float* beside, double target) {
        return cross_entropy(1.0 - smoothing, shift, output, beside, target);
      });
    case Loss::binary_cross_entropy:
      return sum(
          [](double output, const float* beside, double target) { return binary_cross_entropy(output, beside, target); });
    case Loss::huber:
      return sum([&](double output, const float*, double target) {
        return huber(static_cast<double>(loss.huber_delta), output - target);
      });
    case Loss::mae:
      return sum([](double output, const float*, double target) { return std::abs(output - target); });
  }
  return 0.0;
}

}  // namespace gradus::internal
