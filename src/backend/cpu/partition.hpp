#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace gradus::internal {

/// Work below which a second thread costs more than it brings: handing over a task and waiting for it takes some
/// microseconds. In floating-point operations of matrix products, about 10 µs of one core.
inline constexpr double kOperationsPerTask = 1e6;
/// The same in elements that are read, scaled and written.
inline constexpr double kElementsPerTask = 20e3;

/// How many tasks to cut work into: a function of the shape and the number of threads alone, so that equal runs are equal.
/// `divisible` is the length of the dimension that is cut.
[[nodiscard]] inline std::size_t task_count(double work, double work_per_task, std::size_t divisible, std::size_t threads) {
  const double worthwhile = std::max(1.0, work / work_per_task);
  const std::size_t limit = std::min(threads, std::max<std::size_t>(divisible, 1));
  return worthwhile >= static_cast<double>(limit) ? limit : static_cast<std::size_t>(worthwhile);
}

struct Range {
  std::size_t first;
  std::size_t last;  // behind the last
  [[nodiscard]] std::size_t size() const { return last - first; }
};

/// Part `index` of 0 … total−1 in `parts` nearly equal ranges, cut at multiples of a vector where that leaves no part empty.
[[nodiscard]] inline Range part(std::size_t total, std::size_t parts, std::size_t index) {
  constexpr std::size_t kVector = 16;
  const std::size_t unit = total >= parts * 4 * kVector ? kVector : 1;
  const std::size_t units = (total + unit - 1) / unit;
  const auto cut = [&](std::size_t i) {
    return std::min(total, units / parts * i * unit + std::min(i, units % parts) * unit);
  };
  return {cut(index), cut(index + 1)};
}

}  // namespace gradus::internal
