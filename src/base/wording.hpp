#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gradus::internal {

/// `text` in single quotes for a message: at most 40 bytes of it, control characters as '?'.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// "'a', 'b' and 3 more": at most `limit` names.
[[nodiscard]] std::string listed(std::span<const std::string> names, std::size_t limit = 10);

/// "a, b or c".
[[nodiscard]] std::string alternatives(std::span<const std::string_view> words);

/// "1 column", "2 columns"; "3 classes" where the plural is given.
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural = {});

/// A number with a comma between thousands: "47,040,000".
[[nodiscard]] std::string with_separators(std::uint64_t number);

}  // namespace gradus::internal
