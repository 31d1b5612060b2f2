#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ostream>
#include <random>
#include <vector>

#include "device_memory.hpp"
#include "gradus/names.hpp"
#include "launchers/on.hpp"
#include "reference/reference_network.hpp"

namespace gradus::kernels {

inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
inline constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Small blocks, so that the emulation runs quickly under ThreadSanitizer and small matrices need several.
inline constexpr GridLimits kSmallBlocks{.block = 32, .blocks = 1024};
/// Few of them, so that every thread goes several rounds.
inline constexpr GridLimits kFewBlocks{.block = 32, .blocks = 3};

using reference::kActivations;

/// Where a launcher puts its work: the limits are those of any kernel.
inline On on(const Stream& stream, GridLimits limits = kSmallBlocks, SumScratch* scratch = nullptr) {
  return {.stream = stream.get(), .scratch = scratch, .streaming = limits, .summing = limits};
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
