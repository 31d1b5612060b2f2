#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// A blank around a field; a tab is not where it separates the fields.
[[nodiscard]] constexpr bool is_blank(char c, char delimiter) {
  return (c == ' ' || c == '\t') && c != delimiter;
}

/// `digits` / 10^`decimals`, correctly rounded, for at most 15 digits. Up to seven digits are a whole number below 2^24,
/// which a float holds exactly, as it does the power of ten: one division rounds correctly (Clinger 1990). Up to 15 digits
/// the same holds for double; rounding the quotient again is right unless it lies halfway between two floats. Returns false
/// then.
[[nodiscard]] inline bool divide_by_power_of_ten(std::uint64_t digits, std::size_t count, std::size_t decimals,
                                                 float& value) {
  constexpr std::array<double, 16> kPowersOfTen{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  if (count <= 7) {
    value = static_cast<float>(static_cast<std::int32_t>(digits));
    if (decimals > 0) value /= static_cast<float>(kPowersOfTen[decimals]);
    return true;
  }
  const double quotient = static_cast<double>(static_cast<std::int64_t>(digits)) / kPowersOfTen[decimals];
  constexpr std::uint64_t kBelowFloat = (std::uint64_t{1} << 29) - 1;
  if ((std::bit_cast<std::uint64_t>(quotient) & kBelowFloat) == std::uint64_t{1} << 28) return false;
  value = static_cast<float>(quotient);
  return true;
}

/// A whole number of one to three digits that ends before `delimiter` or a line end, without a branch on how many they are:
/// small whole numbers are the most frequent fields of large tables, and their lengths cannot be predicted. Four bytes must
/// be readable. Returns where it ends, or nullptr when it is not of this form.
[[nodiscard]] inline const char* parse_small_integer(const char* text, char delimiter, float& value) {
  if constexpr (std::endian::native != std::endian::little) return nullptr;
  std::uint32_t word = 0;
  std::memcpy(&word, text, sizeof(word));
  word ^= 0x30303030U;  // digits become 0 to 9
  // The highest bit of each byte that is not a digit; a carry reaches only bytes behind the first of them.
  const std::uint32_t others = ((word + 0x76767676U) | word) & 0x80808080U;
  if (others == 0) return nullptr;
  const auto bits = static_cast<unsigned>(std::countr_zero(others)) & ~7U;
  const char end = text[bits / 8];
  if (bits == 0 || !(end == delimiter || end == '\n' || end == '\r')) return nullptr;
  word <<= 32 - bits;
  value =
      static_cast<float>(static_cast<std::int32_t>((word >> 24) + 10 * (word >> 16 & 0xFFU) + 100 * (word >> 8 & 0xFFU)));
  return text + bits / 8;
}

/// [-]digits[.digits] with at most 15 digits. Returns where the number ends, or nullptr when it is not of this form. Reads
/// on until a character that is not a digit: the text must end with one.
[[nodiscard]] inline const char* parse_short_number(const char* text, float& value) {
  const bool negative = *text == '-';
  if (negative) ++text;
  std::uint64_t digits = 0;
  const auto take_digits = [&] {
    const char* first = text;
    for (; is_digit(*text); ++text) digits = digits * 10 + static_cast<std::uint64_t>(*text - '0');
    return static_cast<std::size_t>(text - first);
  };
  std::size_t count = take_digits();
  std::size_t decimals = 0;
  if (*text == '.') {
    ++text;
    decimals = take_digits();
    count += decimals;
  }
  if (count == 0 || count > 15 || !divide_by_power_of_ten(digits, count, decimals, value)) return nullptr;
  if (negative) value = -value;
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

/// Whether it marks a missing value: empty, or a word such as NA or NaN.
[[nodiscard]] bool is_missing(std::string_view field);

/// Whether it is a number as many countries write it: "1,5".
[[nodiscard]] bool has_decimal_comma(std::string_view field);

/// `field` without the spaces and tabs around it.
[[nodiscard]] std::string_view trimmed(std::string_view field);

}  // namespace gradus::internal
