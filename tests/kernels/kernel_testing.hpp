#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ostream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "device_memory.hpp"
#include "launchers.hpp"

namespace gradus::kernels {

inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
inline constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Small blocks, so that the emulation runs quickly under ThreadSanitizer and small matrices need several.
inline constexpr GridLimits kSmallBlocks{.block = 32, .blocks = 1024};
/// Few of them, so that every thread goes several rounds.
inline constexpr GridLimits kFewBlocks{.block = 32, .blocks = 3};

inline constexpr std::array kActivations{ActivationKind::identity, ActivationKind::sigmoid,     ActivationKind::tanh,
                                         ActivationKind::relu,     ActivationKind::scaled_tanh, ActivationKind::leaky_relu,
                                         ActivationKind::elu,      ActivationKind::gelu,        ActivationKind::silu,
                                         ActivationKind::softplus};

inline std::string name(ActivationKind activation) {
  return std::array{"identity", "sigmoid", "tanh", "relu", "scaled_tanh", "leaky_relu", "elu", "gelu", "silu", "softplus"}
      [static_cast<std::size_t>(activation)];
}

/// y = σ(a) in double.
inline double exact_value(ActivationKind activation, double a) {
  switch (activation) {
    case ActivationKind::identity:
      return a;
    case ActivationKind::sigmoid:
      return 1.0 / (1.0 + std::exp(-a));
    case ActivationKind::tanh:
      return std::tanh(a);
    case ActivationKind::relu:
      return std::isnan(a) || a > 0.0 ? a : 0.0;
    case ActivationKind::scaled_tanh:
      return 1.7159 * std::tanh(2.0 / 3.0 * a);
    case ActivationKind::leaky_relu:
      return a < 0.0 ? 0.01 * a : a;
    case ActivationKind::elu:
      return a < 0.0 ? std::expm1(a) : a;
    case ActivationKind::gelu:
      return 0.5 * a * std::erfc(-a / std::sqrt(2.0));
    case ActivationKind::silu:
      return a / (1.0 + std::exp(-a));
    case ActivationKind::softplus:
      return std::max(a, 0.0) + std::log1p(std::exp(-std::abs(a)));
  }
  throw std::logic_error("no such activation");
}

/// Whether σ′ is no function of y.
inline bool slope_needs_input(ActivationKind activation) {
  return activation == ActivationKind::gelu || activation == ActivationKind::silu;
}

/// σ′ in double, from y, or from a where slope_needs_input says so.
inline double exact_slope(ActivationKind activation, double y) {
  const double s = 1.0 / (1.0 + std::exp(-y));
  switch (activation) {
    case ActivationKind::identity:
      return 1.0;
    case ActivationKind::sigmoid:
      return y * (1.0 - y);
    case ActivationKind::tanh:
      return 1.0 - y * y;
    case ActivationKind::relu:
      return y > 0.0 ? 1.0 : 0.0;
    case ActivationKind::scaled_tanh:
      return 2.0 / 3.0 * (1.7159 - y * y / 1.7159);
    case ActivationKind::leaky_relu:
      return y > 0.0 ? 1.0 : 0.01;
    case ActivationKind::elu:
      return y > 0.0 ? 1.0 : y + 1.0;
    case ActivationKind::gelu:
      return 0.5 * std::erfc(-y / std::sqrt(2.0)) + y * std::exp(-0.5 * y * y) / std::sqrt(2.0 * std::acos(-1.0));
    case ActivationKind::silu:
      return s * (1.0 + y * (1.0 - s));
    case ActivationKind::softplus:
      return -std::expm1(-y);
  }
  throw std::logic_error("no such activation");
}

/// The distance of a float from an exact value, in units of the float's last place. Equal infinities are 0 apart, two NaN
/// too.
inline double ulps(float found, double exact) {
  const auto nearest = static_cast<float>(exact);
  if (std::isnan(found) && std::isnan(nearest)) return 0.0;
  if (std::isinf(nearest)) return found == nearest ? 0.0 : std::numeric_limits<double>::infinity();
  const double unit =
      static_cast<double>(std::nextafter(std::abs(nearest), kInfinity)) - std::abs(static_cast<double>(nearest));
  return std::abs(static_cast<double>(found) - exact) / unit;
}

/// Uniform values in ±range, other ones for each seed.
inline std::vector<float> random_values(std::size_t count, std::uint32_t seed, float range = 1.0F) {
  std::mt19937 generator(seed);
  std::vector<float> values(count);
  for (float& value : values) value = range * (static_cast<float>(generator() >> 8) * 0x1p-23F - 1.0F);
  return values;
}

/// What distinguishes any two floats, NaN included.
inline std::vector<std::uint32_t> bits(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
  return bits;
}

struct Shape {
  std::size_t rows;
  std::size_t columns;

  [[nodiscard]] std::size_t size() const { return rows * columns; }
};

inline std::ostream& operator<<(std::ostream& stream, const Shape& shape) {
  return stream << shape.rows << "x" << shape.columns;
}

/// Every tail: of accesses to memory, of warps, of blocks and of rows.
inline constexpr std::array kShapes{Shape{0, 3},    Shape{1, 1},    Shape{1, 3},    Shape{3, 1},   Shape{3, 31},
                                    Shape{31, 3},   Shape{31, 32},  Shape{32, 31},  Shape{33, 33}, Shape{33, 128},
                                    Shape{128, 33}, Shape{2, 1000}, Shape{1000, 1}, Shape{1000, 3}};

/// What sums over blocks need, as a backend would hold it.
class Scratch {
 public:
  explicit Scratch(const Stream& stream) : memory_(stream, std::vector<SumScratch>(1)) {}

  [[nodiscard]] SumScratch* get() const { return memory_.data(); }
  void expect_tickets_zero() const {
    const auto values = memory_.values();
    for (const unsigned ticket : values.front().tickets) ASSERT_EQ(ticket, 0U);
  }

 private:
  DeviceArray<SumScratch> memory_;
};

}  // namespace gradus::kernels
