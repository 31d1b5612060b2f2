#include "base/wording.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gradus::internal {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMost = 40;
  const bool cut = text.size() > kMost;
  if (cut) {
    std::size_t size = kMost;
    // Not within a UTF-8 character.
    while (size > kMost - 4 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    text = text.substr(0, size);
  }
  std::string result = fmt::format("'{}{}'", text, cut ? "…" : "");
  std::replace_if(
      result.begin(), result.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return result;
}

std::string listed(std::span<const std::string> names, std::size_t limit) {
  std::string result;
  const std::size_t shown = names.size() <= limit ? names.size() : limit - 1;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) result += i + 1 == names.size() ? " and " : ", ";
    result += in_quotes(names[i]);
  }
  if (shown < names.size()) result += fmt::format(" and {} more", names.size() - shown);
  return result;
}

std::string alternatives(std::span<const std::string_view> words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) result += i + 1 == words.size() ? " or " : ", ";
    result += words[i];
  }
  return result;
}

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural) {
  const std::string_view noun = count == 1 || plural.empty() ? singular : plural;
  return fmt::format("{} {}{}", with_separators(count), noun, count == 1 || !plural.empty() ? "" : "s");
}

std::string with_separators(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
  return digits;
}

}  // namespace gradus::internal
