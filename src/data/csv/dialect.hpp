#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::internal {

/// How a table is written.
struct CsvDialect {
  char delimiter = ',';
  bool header = false;
  std::size_t columns = 0;  ///< of the first record; 0 when its quotes are misplaced or do not end
};

/// A UTF-8 byte order mark at the beginning of `text`, 0 or 3 bytes. Throws DataError when the beginning shows that this is
/// not text in ASCII or UTF-8: another byte order mark, or NUL bytes.
[[nodiscard]] std::size_t check_encoding(std::string_view text, std::string_view source);

/// Throws UsageError for a character that cannot separate numbers.
void check_delimiter(char delimiter);

/// What a text in memory is of a table: its beginning, of which more can be read, or all that will be there.
enum class Excerpt : std::uint8_t { beginning, all };

/// Finds out the dialect from the first records. `text` begins with a record that is not blank; all of a table ends with a
/// line end. Returns nothing when more text is needed.
[[nodiscard]] std::optional<CsvDialect> sniff_dialect(std::string_view text, Excerpt excerpt, std::optional<char> delimiter,
                                                      std::optional<bool> header);

}  // namespace gradus::internal
