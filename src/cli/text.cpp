#include "cli/text.hpp"

#include <fmt/format.h>

namespace gradus::cli {
namespace {

// Within `$'…'`: what could do something to a terminal as `\xNN`.
std::string shell_escaped(std::string_view word) {
  std::string quoted = "$'";
  while (!word.empty()) {
    const internal::Character character = internal::first_character(word);
    if (character.is_printable) {
      if (character.bytes == "'" || character.bytes == "\\") quoted += '\\';
      quoted += character.bytes;
    } else {
      for (const char byte : character.bytes) quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    word.remove_prefix(character.bytes.size());
  }
  return quoted + "'";
}

}  // namespace

std::string shell_quoted(std::string_view word) {
  if (printable(word) != word) return shell_escaped(word);
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:=+@%-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char letter : word) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + "'";
}

}  // namespace gradus::cli
