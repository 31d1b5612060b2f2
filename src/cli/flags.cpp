#include "cli/flags.hpp"

#include <algorithm>

namespace gradus::cli {
namespace {

std::string flag(std::string_view key) {
  std::string text = "--" + std::string(key);
  std::ranges::replace(text, '_', '-');
  return text;
}

}  // namespace

std::string with_flags(std::string_view message, std::span<const std::string_view> keys) {
  constexpr std::string_view kEquals = " = ";
  std::string text;
  for (;;) {
    const std::size_t begin = message.find('`');
    const std::size_t end = begin == std::string_view::npos ? begin : message.find('`', begin + 1);
    if (end == std::string_view::npos) return text.append(message);
    const std::string_view key = message.substr(begin + 1, end - begin - 1);
    text += message.substr(0, begin);
    if (std::ranges::find(keys, key) == keys.end()) {
      text += '`';
      message.remove_prefix(begin + 1);
      continue;
    }
    text += flag(key);
    message.remove_prefix(end + 1);
    if (!message.starts_with(kEquals)) continue;
    text += ' ';
    message.remove_prefix(kEquals.size());
  }
}

}  // namespace gradus::cli
