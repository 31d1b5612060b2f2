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

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string grouped(std::size_t number) {
  std::string result = fmt::format("{}", number);
  for (std::size_t i = result.size(); i > 3; i -= 3) result.insert(i - 3, 1, ',');
  return result;
}

}  // namespace gradus::internal
