#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "backend/backend.hpp"
#include "formulas/philox.hpp"

namespace gradus::internal {

/// A backend to run the conformance cases on, and how exact it must be: the relative error of a result's norm.
struct BackendUnderTest {
  std::string name;
  std::function<std::unique_ptr<Backend>()> make;
  double tolerance;
};

/// What a layer computes: X (batch, inputs), W (outputs, inputs).
struct Shape {
  std::size_t batch;
  std::size_t inputs;
  std::size_t outputs;
};

inline std::ostream& operator<<(std::ostream& stream, const Shape& shape) {
  return stream << shape.batch << "x" << shape.inputs << "x" << shape.outputs;
}

/// The backends that the program has, and shapes that meet every tail of their loops: cpu_backends.cpp, cuda_backends.cpp.
const std::vector<BackendUnderTest>& backends();
const std::vector<Shape>& shapes();
/// A backend in single precision, for tests of code that uses backends. `threads`: on the CPU.
std::unique_ptr<Backend> make_tested_backend(std::size_t threads);

inline std::ostream& operator<<(std::ostream& stream, const BackendUnderTest& backend) {
  return stream << backend.name;
}

/// Device memory with guard bands on both sides; `expect_intact` shows that nothing wrote beyond.
class Guarded {
 public:
  Guarded(Backend& backend, std::vector<float> values)
      : backend_(backend), size_(values.size()), buffer_(backend, size_ + 2 * kGuard) {
    std::vector<float> all(size_ + 2 * kGuard, kPattern);
    std::copy(values.begin(), values.end(), all.begin() + kGuard);
    backend_.upload(all, buffer_.data());
  }

  [[nodiscard]] float* data() { return buffer_.data() + kGuard; }
  [[nodiscard]] std::span<float> span() { return {data(), size_}; }
  [[nodiscard]] Matrix matrix(std::size_t rows, std::size_t columns) {
    EXPECT_EQ(rows * columns, size_);
    return {data(), rows, columns};
  }

  [[nodiscard]] std::vector<float> values() const {
    std::vector<float> values(size_);
    backend_.download(buffer_.data() + kGuard, values);
    return values;
  }

  void expect_intact() const {
    std::vector<float> all(size_ + 2 * kGuard);
    backend_.download(buffer_.data(), all);
    for (std::size_t i = 0; i < kGuard; ++i) {
      EXPECT_EQ(all[i], kPattern) << "written " << kGuard - i << " before the beginning";
      EXPECT_EQ(all[kGuard + size_ + i], kPattern) << "written " << i + 1 << " behind the end";
    }
  }

 private:
  static constexpr std::size_t kGuard = 32;
  static constexpr float kPattern = -12345.678F;

  Backend& backend_;
  std::size_t size_;
  Buffer buffer_;
};

/// Uniform values in ±range, other ones for each `which`.
inline std::vector<float> random_values(std::size_t count, std::uint32_t which, double range = 1.0) {
  const RandomSequence sequence(20240106, RandomPurpose::weights, which);
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<float>(range * (2.0 * (sequence.block(i / 4)[i % 4] >> 8) * 0x1p-24 - 1.0));
  return values;
}

/// ‖found − expected‖ ≤ tolerance · ‖expected‖, NaN failing.
inline void expect_close(std::span<const float> found, std::span<const double> expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  double difference = 0.0;
  double size = 0.0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double error = static_cast<double>(found[i]) - expected[i];
    difference += error * error;
    size += expected[i] * expected[i];
  }
  EXPECT_LE(std::sqrt(difference), tolerance * std::sqrt(size) + 1e-30);
}

}  // namespace gradus::internal
