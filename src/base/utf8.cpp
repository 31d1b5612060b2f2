#include "base/utf8.hpp"

#include <algorithm>

namespace gradus::internal {
namespace {

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

/// Bytes of the UTF-8 character that the text begins with; 0 when it begins with none (RFC 3629, section 4).
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (size == 0 || size > text.size()) return 0;
  const std::string_view rest = text.substr(1, size - 1);
  if (std::any_of(rest.begin(), rest.end(), starts_character)) return 0;
  if (size < 3) return size;
  // The second byte tells overlong forms, surrogates, and what lies beyond the last character.
  const auto second = static_cast<unsigned char>(rest.front());
  const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||  //
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return wrong ? 0 : size;
}

/// ASCII's control characters, and those that follow it in Unicode, U+0080 to U+009F.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  return first < 0x20 || first == 0x7F || (first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}

/// Replaces what is not printable, but for the character `kept`.
std::string printable_but(std::string_view text, std::string_view kept) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    clean += character.is_printable || character.bytes == kept ? character.bytes : "?";
    text.remove_prefix(character.bytes.size());
  }
  return clean;
}

}  // namespace

Character first_character(std::string_view text) {
  const std::size_t size = character_size(text);
  const std::string_view bytes = text.substr(0, std::max<std::size_t>(size, 1));
  return {bytes, size > 0 && !is_control(bytes)};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string printable(std::string_view text) {
  return printable_but(text, {});
}

std::string printable_lines(std::string_view text) {
  return printable_but(text, "\n");
}

std::string shortened(std::string_view text, std::size_t width) {
  std::string clean = printable(text);
  if (width_of(clean) <= width) return clean;
  std::size_t characters = 0;
  std::size_t end = 0;
  for (; end < clean.size(); ++end)
    if (starts_character(clean[end]) && ++characters == std::max<std::size_t>(width, 1)) break;
  return clean.substr(0, end) + "…";
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string aligned_left(std::string_view text, std::size_t width) {
  const std::size_t used = width_of(text);
  return std::string(text) + std::string(width > used ? width - used : 0, ' ');
}

std::string aligned_right(std::string_view text, std::size_t width) {
  const std::size_t used = width_of(text);
  return std::string(width > used ? width - used : 0, ' ') + std::string(text);
}

}  // namespace gradus::internal
