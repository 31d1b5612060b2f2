#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gradus::internal {

/// One character of a text, or one byte that does not belong to any.
struct Character {
  std::string_view bytes;
  bool is_printable = false;  ///< UTF-8, and not a control character, which could move a terminal's cursor
};

/// The first character of a text that is not empty.
[[nodiscard]] Character first_character(std::string_view text);

/// Whether the text is UTF-8 (RFC 3629).
[[nodiscard]] bool is_utf8(std::string_view text);

/// Text from a file for a terminal: `?` in the place of each character that is not printable.
[[nodiscard]] std::string printable(std::string_view text);
/// The same, with its line feeds.
[[nodiscard]] std::string printable_lines(std::string_view text);

/// Printable, and at most `width` characters; `…` in the place of what was cut.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);

/// Characters of UTF-8.
[[nodiscard]] std::size_t width_of(std::string_view text);
/// With spaces up to `width`.
[[nodiscard]] std::string aligned_left(std::string_view text, std::size_t width);
[[nodiscard]] std::string aligned_right(std::string_view text, std::size_t width);

}  // namespace gradus::internal
