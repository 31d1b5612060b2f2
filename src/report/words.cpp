#include "report/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace gradus::report {

std::string percent(double fraction) {
  return fmt::format("{:.2f}%", 100.0 * fraction);
}

std::string four_digits(double value) {
  std::string text = fmt::format("{:#.4g}", value);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string general(double value) {
  return fmt::format("{:.6g}", value);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "unknown time";
  if (seconds < 0.95) return fmt::format("{:.1f} s", std::max(seconds, 0.0));
  constexpr double kLongest = 1e15;  // beyond it a count of seconds means nothing, and would overflow
  const auto whole = static_cast<std::uint64_t>(std::llround(std::min(seconds, kLongest)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", with_separators(whole / 86400), whole % 86400 / 3600);
}

std::string speed(double samples_per_second) {
  constexpr std::array<const char*, 4> kUnits{"", "k", "M", "G"};
  std::size_t unit = 0;
  while (samples_per_second >= 999.5 && unit + 1 < kUnits.size()) {
    samples_per_second /= 1000.0;
    ++unit;
  }
  if (unit == 0) return fmt::format("{:.0f} samples/s", samples_per_second);
  const int decimals = samples_per_second < 9.995 ? 2 : samples_per_second < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}{} samples/s", samples_per_second, decimals, kUnits[unit]);
}

std::string position(std::uint64_t at, std::uint64_t of) {
  const std::string last = std::to_string(of);
  return fmt::format("{:>{}}/{}", at, last.size(), last);
}

std::string memory_size(std::size_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1024.0 && unit + 1 < kUnits.size()) {
    size /= 1024.0;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", size, kUnits[unit]);
}

}  // namespace gradus::report
