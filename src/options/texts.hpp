#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/image_size.hpp"
#include "options/range.hpp"

// Values of options, read strictly: nothing is rounded, cut off or ignored, and no locale is asked. Each function throws
// UsageError, which names the option, shows what was written, and says what would be right.
namespace gradus::internal {

/// A whole number from `least` to 2^64 − 1.
[[nodiscard]] std::uint64_t read_whole_number(std::string_view key, std::string_view text, std::uint64_t least);
/// A finite number in this range.
[[nodiscard]] double read_number(std::string_view key, std::string_view text, const Range& range);
/// A time above 0 in seconds: `90`, `90s`, `1.5m` or `2h`.
[[nodiscard]] double read_seconds(std::string_view key, std::string_view text);
/// `30` or `128,64`; `none` for an empty list.
[[nodiscard]] std::vector<std::size_t> read_widths(std::string_view key, std::string_view text);
/// Names or numbers of columns, `id` or `1,name`; `none` for an empty list.
[[nodiscard]] std::vector<std::string> read_columns(std::string_view key, std::string_view text);
/// `yes` or `no`.
[[nodiscard]] bool read_yes_or_no(std::string_view key, std::string_view text);
/// One character, or `tab`.
[[nodiscard]] char read_delimiter(std::string_view key, std::string_view text);
/// `HEIGHTxWIDTH`.
[[nodiscard]] ImageSize read_image_size(std::string_view key, std::string_view text);

/// A finite number, or NaN for anything else.
[[nodiscard]] double number_or_nan(std::string_view text);
/// "; write 1000" where a number such as 1e3 means a whole one.
[[nodiscard]] std::string whole_spelling(std::string_view text);
/// Throws the error for a word that is not one of `choices`; the nearest of `names` is offered.
[[noreturn]] void refuse_choice(std::string_view key, std::string_view text, std::span<const std::string_view> names,
                                std::span<const std::string_view> choices);

}  // namespace gradus::internal
