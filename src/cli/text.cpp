#include "cli/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace gradus::cli {
namespace {

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

// Bytes of the UTF-8 character that the text begins with; 0 when it begins with none (RFC 3629, section 4).
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

// ASCII's control characters, and those that follow it in Unicode, U+0080 to U+009F.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  return first < 0x20 || first == 0x7F || (first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}

// Within `$'…'`: what could do something to a terminal as `\xNN`.
std::string shell_escaped(std::string_view word) {
  std::string quoted = "$'";
  while (!word.empty()) {
    const std::size_t size = character_size(word);
    const std::string_view character = word.substr(0, std::max<std::size_t>(size, 1));
    if (size == 0 || is_control(character)) {
      for (const char byte : character) quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    } else {
      if (character == "'" || character == "\\") quoted += '\\';
      quoted += character;
    }
    word.remove_prefix(character.size());
  }
  return quoted + "'";
}

}  // namespace

std::string with_separators(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
  return digits;
}

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural) {
  const std::string regular_plural = std::string(singular) + "s";
  if (plural.empty()) plural = regular_plural;
  return fmt::format("{} {}", with_separators(count), count == 1 ? singular : plural);
}

std::string percent(double fraction) {
  return fmt::format("{:.2f}%", 100.0 * fraction);
}

std::string four_digits(double value) {
  std::string text = fmt::format("{:#.4g}", value);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string general(double value) {
  return fmt::format("{:.6g}", value);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return "unknown time";
  if (seconds < 0.95) return fmt::format("{:.1f} s", std::max(seconds, 0.0));
  constexpr double kLongest = 1e15;  // beyond it a count of seconds means nothing, and would overflow
  const auto whole = static_cast<std::uint64_t>(std::llround(std::min(seconds, kLongest)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", with_separators(whole / 86400), whole % 86400 / 3600);
}

std::string speed(double samples_per_second) {
  constexpr std::array<const char*, 4> kUnits{"", "k", "M", "G"};
  std::size_t unit = 0;
  while (samples_per_second >= 999.5 && unit + 1 < kUnits.size()) {
    samples_per_second /= 1000.0;
    ++unit;
  }
  if (unit == 0) return fmt::format("{:.0f} samples/s", samples_per_second);
  const int decimals = samples_per_second < 9.995 ? 2 : samples_per_second < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}{} samples/s", samples_per_second, decimals, kUnits[unit]);
}

std::string memory_size(std::size_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1024.0 && unit + 1 < kUnits.size()) {
    size /= 1024.0;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string r_squared(double r2, double rmse) {
  // An error that is not finite has no R² either, whatever the targets.
  return std::isnan(r2) && std::isfinite(rmse) ? "not defined (every target is the same)" : general(r2);
}

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

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string printable(std::string_view text, bool keep_lines) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(size, 1));
    const bool kept = size > 0 && (!is_control(character) || (keep_lines && character == "\n"));
    clean += kept ? character : "?";
    text.remove_prefix(character.size());
  }
  return clean;
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

}  // namespace gradus::cli
