#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/utf8.hpp"
#include "base/wording.hpp"

namespace gradus::report {

using internal::aligned_left;
using internal::aligned_right;
using internal::counted;
using internal::printable;
using internal::shortened;
using internal::width_of;
using internal::with_separators;

// Numbers for people. None depends on the locale.

[[nodiscard]] std::string percent(double fraction);                      ///< 95.30%
[[nodiscard]] std::string four_digits(double value);                     ///< 0.01230: a cost, of stable width
[[nodiscard]] std::string general(double value);                         ///< up to six digits: 0.5, 69345.1
[[nodiscard]] std::string duration(double seconds);                      ///< 0.3 s, 2 s, 1 min 20 s, 2 h 3 min
[[nodiscard]] std::string speed(double samples_per_second);              ///< 1.23M samples/s
[[nodiscard]] std::string position(std::uint64_t at, std::uint64_t of);  ///< ` 34/1000`: as wide as the last one
[[nodiscard]] std::string memory_size(std::size_t bytes);                ///< 15.6 GiB

}  // namespace gradus::report
