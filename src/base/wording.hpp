#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gradus::internal {

/// `text` in single quotes for a message: at most 40 bytes of it, control characters as '?'.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// "'a', 'b' and 3 more": at most `limit` names.
[[nodiscard]] std::string listed(std::span<const std::string> names, std::size_t limit = 10);

/// "1 column", "2 columns".
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

/// A number with a comma between thousands: "47,040,000".
[[nodiscard]] std::string grouped(std::size_t number);

}  // namespace gradus::internal
