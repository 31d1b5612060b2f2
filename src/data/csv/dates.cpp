#include "data/csv/dates.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "base/letters.hpp"
#include "data/csv/number.hpp"

namespace gradus::internal {
namespace {

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The first characters for which `belongs` holds, taken off the text.
template <typename Belongs>
std::string_view take(std::string_view& text, Belongs belongs) {
  const auto end = std::find_if_not(text.begin(), text.end(), belongs);
  const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

bool is_month(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kMonths{"january",   "february", "march",    "april",
                                                            "may",       "june",     "july",     "august",
                                                            "september", "october",  "november", "december"};
  if (word.size() < 3) return false;
  return std::any_of(kMonths.begin(), kMonths.end(),
                     [&](std::string_view month) { return is_word(word, month.substr(0, word.size())); });
}

std::size_t number(std::string_view digits) {
  std::size_t value = 0;
  for (const char digit : digits) value = 10 * value + static_cast<std::size_t>(digit - '0');
  return value;
}

bool is_up_to(std::string_view digits, std::size_t most) {
  return (digits.size() == 1 || digits.size() == 2) && number(digits) <= most;
}

bool is_year(std::string_view digits) {
  return digits.size() == 4 || digits.size() == 2;
}

/// Hours and minutes, perhaps seconds with a fraction, perhaps a zone.
bool is_time(std::string_view text) {
  if (!is_up_to(take(text, is_digit), 24) || !text.starts_with(':')) return false;
  for (int i = 0; i < 2 && text.starts_with(':'); ++i) {
    text.remove_prefix(1);
    const std::string_view digits = take(text, is_digit);
    if (digits.size() != 2 || number(digits) > 60) return false;
  }
  if (text.starts_with('.') || text.starts_with(',')) {
    text.remove_prefix(1);
    take(text, is_digit);
  }
  take(text, [](char c) { return c == ' '; });
  if (text.starts_with('+') || text.starts_with('-')) {
    text.remove_prefix(1);
    take(text, [](char c) { return is_digit(c) || c == ':'; });
    return text.empty();
  }
  return text.empty() || (text.size() <= 4 && std::all_of(text.begin(), text.end(), is_letter));  // Z, UTC, am
}

/// Takes a day, a month and a year off the text. Two separators between numbers are the same.
bool take_date(std::string_view& text) {
  std::vector<std::string_view> numbers;
  bool has_month = false;
  char separator = '\0';
  for (std::size_t part = 0; part < 3; ++part) {
    if (part > 0) {
      const std::string_view between =
          take(text, [](char c) { return c == '-' || c == '/' || c == '.' || c == ' ' || c == ','; });
      if (between.empty() || (part == 2 && !has_month && between.front() != separator)) return false;
      separator = between.front();
    }
    if (const std::string_view digits = take(text, is_digit); !digits.empty()) {
      numbers.push_back(digits);
    } else {
      if (has_month || !is_month(take(text, is_letter))) return false;
      has_month = true;
    }
  }
  if (!text.empty() && (is_letter(text.front()) || is_digit(text.front())) && text.front() != 'T') return false;
  if (has_month) return numbers.size() == 2 && (is_year(numbers[1]) || is_year(numbers[0]));
  if (separator == ' ' || separator == ',') return false;  // three numbers
  if (numbers[0].size() == 4) return is_up_to(numbers[1], 12) && is_up_to(numbers[2], 31);
  return is_up_to(numbers[0], 31) && is_up_to(numbers[1], 31) && is_year(numbers[2]) &&
         std::min(number(numbers[0]), number(numbers[1])) <= 12;
}

/// "2026-11", "2026/11", "Nov 2026".
bool is_month_of_year(std::string_view text) {
  const auto is_recent = [](std::string_view year) {
    return year.size() == 4 && (year.starts_with("19") || year.starts_with("20"));
  };
  if (const std::string_view word = take(text, is_letter); !word.empty()) {
    take(text, [](char c) { return c == ' ' || c == '-' || c == '.' || c == ','; });
    return is_month(word) && is_recent(take(text, is_digit)) && text.empty();
  }
  if (!is_recent(take(text, is_digit)) || !(text.starts_with('-') || text.starts_with('/'))) return false;
  text.remove_prefix(1);
  const std::string_view month = take(text, is_digit);
  return month.size() == 2 && number(month) >= 1 && number(month) <= 12 && text.empty();
}

/// Without the day of the week in front: "Mon, 5 Jan 2026".
std::string_view without_weekday(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  std::string_view rest = text;
  const std::string_view word = take(rest, is_letter);
  const bool is_day =
      word.size() >= 3 && std::any_of(kDays.begin(), kDays.end(), [&](std::string_view day) {
        return std::equal(day.begin(), day.end(), word.begin(), [](char a, char b) { return a == lower(b); });
      });
  if (!is_day || take(rest, [](char c) { return c == ',' || c == ' ' || c == '.'; }).empty()) return text;
  return rest;
}

}  // namespace

bool is_date(std::string_view text) {
  text = without_weekday(trimmed(text));
  if (is_time(text) || is_month_of_year(text)) return true;
  if (!take_date(text)) return false;
  if (text.empty()) return true;
  if (text.front() != 'T' && text.front() != ' ') return false;
  text.remove_prefix(1);
  return is_time(text);
}

}  // namespace gradus::internal
