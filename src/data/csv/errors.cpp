#include "data/csv/errors.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/wording.hpp"
#include "data/csv/number.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {

std::string CsvErrors::column(std::size_t column) const {
  if (column < names_.size()) return fmt::format("column {} ({})", column + 1, in_quotes(names_[column]));
  return fmt::format("column {}", column + 1);
}

std::string CsvErrors::option_value(std::size_t column) const {
  std::string number = std::to_string(column + 1);
  const auto same = std::find(names_.begin(), names_.end(), number);
  if (same == names_.end() || same == names_.begin() + static_cast<std::ptrdiff_t>(column)) return number;
  return names_[column];
}

std::string_view CsvErrors::comment_hint() const {
  return first_ == '#' ? "; the first line begins with '#', and comment lines are not read" : "";
}

std::string CsvErrors::message(CsvPosition position, std::string_view what) const {
  const std::string name =
      position.column < names_.size() ? fmt::format(" ({})", in_quotes(names_[position.column])) : std::string();
  return fmt::format("{}:{}:{}{}: {}", source_, position.line, position.column + 1, name, what);
}

std::string CsvErrors::missing_message(CsvPosition position, std::string_view field) const {
  if (field_kind(field) == FieldKind::missing) return message(position, missing(position, field));
  return message(position, fmt::format("{} is not a finite number", in_quotes(trimmed(field))));
}

void CsvErrors::fail(CsvPosition position, std::string_view what) const {
  throw DataError(message(position, what));
}

void CsvErrors::fail_line(std::size_t line, std::string_view what) const {
  throw DataError(fmt::format("{}:{}: {}", source_, line, what));
}

void CsvErrors::fail_number(CsvPosition position, std::string_view field, std::string_view if_text) const {
  const std::string shown = in_quotes(trimmed(field));
  switch (field_kind(field)) {
    case FieldKind::missing:
      fail(position, missing(position, field) + (is_nameless_last(position.column) ? "" : "; no value may be missing"));
    case FieldKind::not_finite:
      fail(position, fmt::format("{} is not a finite number", shown));
    case FieldKind::too_large:
      fail(position, fmt::format("{} is too large for a 32-bit float", shown));
    case FieldKind::text:
    case FieldKind::number:
      break;
  }
  if (field.find('\0') != std::string_view::npos) fail(position, "a NUL byte: this is not text");
  if (has_decimal_comma(trimmed(field)))
    fail(position, fmt::format("{} has a decimal comma; Gradus reads numbers with a decimal point", shown));
  fail(position, fmt::format("{} is text in a column of numbers{}", shown, if_text));
}

/// Whether the column is the last one, of an empty name: then its lines may end with a delimiter too many.
bool CsvErrors::is_nameless_last(std::size_t column) const {
  return columns_ > 1 && column + 1 == columns_ && !names_.empty() && names_.back().empty();
}

std::string CsvErrors::missing(CsvPosition position, std::string_view field) const {
  if (const std::string_view word = trimmed(field); !word.empty())
    return fmt::format("a missing value ({})", in_quotes(word));
  if (is_nameless_last(position.column))
    return "a missing value (the field is empty, and so is its name: the lines end with a delimiter, which begins one more "
           "column)";
  const bool is_last = columns_ > 1 && position.column + 1 == columns_;
  return fmt::format("a missing value (the field is empty{})",
                     is_last && names_.empty() ? ": does the line end with an extra delimiter?" : "");
}

void CsvErrors::fail_narrow(std::size_t line, std::size_t found, std::size_t expected) const {
  const bool header_is_wide = !names_.empty() && names_.back().empty();
  fail_width(line, found, expected, header_is_wide ? "; the header ends with an extra delimiter" : comment_hint());
}

void CsvErrors::fail_wide(std::size_t line, std::size_t found, std::size_t expected, std::string_view last) const {
  fail_width(line, found, expected,
             last.empty() ? "; the last one is empty: does the line end with an extra delimiter?" : comment_hint());
}

void CsvErrors::fail_width(std::size_t line, std::size_t found, std::size_t expected, std::string_view hint) const {
  fail_line(line, fmt::format("{} in this row, where {} has {}{}", counted(found, "field"),
                              names_.empty() ? "the first row" : "the header", with_separators(expected), hint));
}

void CsvErrors::fail_quote(CsvPosition position) const {
  fail(position, "a quote begins here and is never closed");
}

}  // namespace gradus::internal
