#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::internal {

/// One field of a record: what stands between two delimiters, without its quotes, or without the blanks around it.
struct CsvField {
  std::string_view text;  ///< in the text that was scanned, or in `unescaped`
  bool quoted = false;
  std::size_t newlines = 0;  ///< within the quotes
  std::string unescaped;     ///< holds the text when "" had to become "
};

enum class Scan : std::uint8_t {
  found,            ///< `after` is the delimiter or the line's end behind the field
  incomplete,       ///< the text ends before the field does
  text_after_quote  ///< something other than blanks stands behind the closing quote, at `after`
};

struct FieldScan {
  Scan state = Scan::incomplete;
  const char* after = nullptr;
};

[[nodiscard]] constexpr bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

/// Scans one field that begins at `text` (RFC 4180: quoted fields may hold delimiters, line ends, and quotes as "").
/// A quote within an unquoted field is an ordinary character.
[[nodiscard]] FieldScan scan_field(const char* text, const char* end, char delimiter, CsvField& field);

/// Behind the line's end at `text`: "\n", "\r\n" or "\r". Nothing when the text ends so that "\r\n" may have been cut.
[[nodiscard]] inline const char* skip_line_end(const char* text, const char* end) {
  if (*text == '\n') return text + 1;
  if (text + 1 == end) return nullptr;
  return text[1] == '\n' ? text + 2 : text + 1;
}

/// Behind the blank line at `text`; `text` itself when the line is not blank, nullptr when that needs more text.
[[nodiscard]] const char* skip_blank_line(const char* text, const char* end, char delimiter);

/// One record as strings, for the few records that are not read at full speed.
struct CsvRecord {
  std::vector<std::string> fields;
  std::vector<bool> quoted;
  std::size_t lines = 0;  ///< that it takes up
  bool misplaced_quote = false;
};

/// The record at `text`. Returns what is behind it, or nullptr when it is not complete or a quote is misplaced.
[[nodiscard]] const char* scan_record(const char* text, const char* end, char delimiter, CsvRecord& record);

}  // namespace gradus::internal
