#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <fast_float/fast_float.h>

namespace gradus::internal {

/// What the text of a field is.
enum class FieldKind : std::uint8_t {
  number,
  text,
  missing,     ///< empty, or a word for a missing value such as NA
  not_finite,  ///< NaN or infinity in words
  too_large,   ///< a number that the type cannot hold
};

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A blank around a field; a tab is none where it separates the fields.
[[nodiscard]] constexpr bool is_blank(char c, char delimiter) {
  return (c == ' ' || c == '\t') && c != delimiter;
}

/// [-]digits[.digits] with at most seven digits. Such a number is a whole number below 2^24 divided by a power of ten that
/// a float holds exactly, so one division rounds it correctly (Clinger 1990). Returns where the number ends, or nullptr
/// when it is not of this form. Reads on until a character that is no digit: the text must end with one.
[[nodiscard]] inline const char* parse_short_number(const char* text, float& value) {
  constexpr std::array<float, 8> kPowersOfTen{1e0F, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F, 1e6F, 1e7F};
  const bool negative = *text == '-';
  if (negative) ++text;
  std::uint32_t digits = 0;
  const auto take_digits = [&] {
    const char* first = text;
    for (; is_digit(*text); ++text) digits = digits * 10 + static_cast<std::uint32_t>(*text - '0');
    return static_cast<std::size_t>(text - first);
  };
  std::size_t count = take_digits();
  std::size_t decimals = 0;
  if (*text == '.') {
    ++text;
    decimals = take_digits();
    count += decimals;
  }
  if (count == 0 || count >= kPowersOfTen.size()) return nullptr;
  float magnitude = static_cast<float>(static_cast<std::int32_t>(digits));
  if (decimals > 0) magnitude /= kPowersOfTen[decimals];
  value = negative ? -magnitude : magnitude;
  return text;
}

/// Any number in decimal or scientific notation, a leading '+' allowed: correctly rounded, independent of the locale.
/// Returns where it ends, or nullptr when there is none. Too large a number becomes infinite.
template <typename Real>
[[nodiscard]] const char* parse_decimal(const char* text, const char* end, Real& value) {
  if (text != end && *text == '+') {
    ++text;
    if (text != end && *text == '-') return nullptr;
  }
  // Keeps out the words for NaN and infinity, which fast_float would take.
  const char* first = text != end && *text == '-' ? text + 1 : text;
  if (first == end || !(is_digit(*first) || *first == '.')) return nullptr;
  // Newer versions of fast_float report a number out of range as an error, and still set the value.
  const auto [after, error] = fast_float::from_chars(text, end, value);
  return error == std::errc::invalid_argument ? nullptr : after;
}

/// What a whole field is, without the blanks around it, and its value when it is a number.
template <typename Real>
[[nodiscard]] FieldKind parse_field(std::string_view field, Real& value);

/// The kind alone, as a 32-bit float.
[[nodiscard]] FieldKind field_kind(std::string_view field);

/// Whether it is a number as many countries write it: "1,5".
[[nodiscard]] bool has_decimal_comma(std::string_view field);

/// `field` without the spaces and tabs around it.
[[nodiscard]] std::string_view trimmed(std::string_view field);

}  // namespace gradus::internal
