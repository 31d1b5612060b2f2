#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace gradus::internal {

/// ASCII letters without their case; other bytes as they are, whatever the locale.
[[nodiscard]] constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] inline std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

/// Whether `text` is the word `lower_word`, which is in lower case.
[[nodiscard]] constexpr bool is_word(std::string_view text, std::string_view lower_word) {
  return std::equal(text.begin(), text.end(), lower_word.begin(), lower_word.end(),
                    [](char a, char b) { return lower(a) == b; });
}

}  // namespace gradus::internal
