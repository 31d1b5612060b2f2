#pragma once

#include <cstddef>
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
/// no text in ASCII or UTF-8: another byte order mark, or NUL bytes.
[[nodiscard]] std::size_t check_encoding(std::string_view text, std::string_view source);

/// Throws UsageError for a character that cannot separate numbers.
void check_delimiter(char delimiter);

/// Finds out the dialect from the first records. `text` begins with a record that is not blank and ends with a line end when
/// it is `whole`. Returns nothing when more text is needed.
[[nodiscard]] std::optional<CsvDialect> sniff_dialect(std::string_view text, bool whole, std::optional<char> delimiter,
                                                      std::optional<bool> header);

}  // namespace gradus::internal
