#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gradus::cli {

/// Figures for people. None depends on the locale.
[[nodiscard]] std::string with_separators(std::uint64_t count);                    ///< 2,260
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view singular,  ///< 1 class, 1,797 samples
                                  std::string_view plural = {});
[[nodiscard]] std::string percent(double fraction);          ///< 95.30%
[[nodiscard]] std::string four_digits(double value);         ///< 0.01230: a cost, of stable width
[[nodiscard]] std::string general(double value);             ///< up to six digits: 0.5, 69345.1
[[nodiscard]] std::string duration(double seconds);          ///< 0.3 s, 2 s, 1 min 20 s, 2 h 3 min
[[nodiscard]] std::string speed(double samples_per_second);  ///< 1.23M samples/s
[[nodiscard]] std::string memory_size(std::size_t bytes);    ///< 15.6 GiB

/// R² of a regression; says why when it is not defined.
[[nodiscard]] std::string r_squared(double r2, double rmse);

/// A word as a POSIX shell reads it back. Bytes that could do something to a terminal are written as `\xNN` within `$'…'`.
[[nodiscard]] std::string shell_quoted(std::string_view word);

/// Whether the text is UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);
/// Text from a file for a terminal: `?` stands for each control character, which could move the cursor, and for each byte
/// that is not UTF-8. Keeps line feeds when they are asked for.
[[nodiscard]] std::string printable(std::string_view text, bool keep_lines = false);
/// Printable, and at most `width` characters of UTF-8; `…` stands for what was cut.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);
/// Characters of UTF-8.
[[nodiscard]] std::size_t width_of(std::string_view text);
/// With spaces up to `width`.
[[nodiscard]] std::string aligned_left(std::string_view text, std::size_t width);
[[nodiscard]] std::string aligned_right(std::string_view text, std::size_t width);

}  // namespace gradus::cli
