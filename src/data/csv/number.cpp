#include "data/csv/number.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "base/letters.hpp"

namespace gradus::internal {
namespace {

bool is_one_of(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return is_word(text, word); });
}

FieldKind kind_of_words(std::string_view field) {
  static constexpr std::array<std::string_view, 7> kMissing{"na", "n/a", "#n/a", "<na>", "null", "none", "?"};
  static constexpr std::array<std::string_view, 3> kNotFinite{"nan", "inf", "infinity"};
  if (is_one_of(field, kMissing)) return FieldKind::missing;
  const bool sign = field.front() == '+' || field.front() == '-';
  if (is_one_of(sign ? field.substr(1) : field, kNotFinite)) return FieldKind::not_finite;
  return FieldKind::text;
}

}  // namespace

std::string_view trimmed(std::string_view field) {
  while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) field.remove_prefix(1);
  while (!field.empty() && (field.back() == ' ' || field.back() == '\t')) field.remove_suffix(1);
  return field;
}

template <typename Real>
FieldKind parse_field(std::string_view field, Real& value) {
  field = trimmed(field);
  if (field.empty()) return FieldKind::missing;
  const char* end = field.data() + field.size();
  if (parse_decimal(field.data(), end, value) != end) return kind_of_words(field);
  return std::isinf(value) ? FieldKind::too_large : FieldKind::number;
}

template FieldKind parse_field(std::string_view field, float& value);
template FieldKind parse_field(std::string_view field, double& value);

FieldKind field_kind(std::string_view field) {
  float value = 0;
  return parse_field(field, value);
}

bool is_missing(std::string_view field) {
  constexpr std::size_t kLongest = 4;  // of the words
  field = trimmed(field);
  if (field.empty()) return true;
  if (field.size() > kLongest || is_digit(field.front())) return false;
  return field_kind(field) == FieldKind::missing || is_word(field, "nan");
}

bool has_decimal_comma(std::string_view field) {
  const auto comma = field.find(',');
  if (comma == std::string_view::npos || comma == 0 || comma + 1 == field.size()) return false;
  std::string with_point(field);
  with_point[comma] = '.';
  return field_kind(with_point) == FieldKind::number;
}

}  // namespace gradus::internal
