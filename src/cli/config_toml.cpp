#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/config_file.hpp"
#include "cli/text.hpp"
#include "gradus/error.hpp"

#ifdef GRADUS_READS_TOML
#include <toml++/toml.h>
#endif

namespace gradus::cli {

#ifdef GRADUS_READS_TOML

namespace {

std::string place_of(const std::string& path, const toml::source_region& source) {
  return fmt::format("{}:{}", path, source.begin.line);
}

/// A number or text as a word.
std::string word_of(const toml::node& node, const std::string& key, const std::string& place) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  throw UsageError(fmt::format("{}: {} must be a text, a number, yes or no, or a list of texts and numbers", place, key));
}

std::variant<bool, std::string> value_of(const toml::node& node, const std::string& key, const std::string& place) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  const auto* list = node.as_array();
  if (list == nullptr) return word_of(node, key, place);
  std::string words;
  for (const toml::node& element : *list)
    words.append(words.empty() ? "" : ",").append(list_word(word_of(element, key, place), place, key));
  return words.empty() ? "none" : words;
}

}  // namespace

std::vector<ConfigEntry> parse_toml(const std::string& path, std::string_view text) {
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw UsageError(fmt::format("{}: {}", place_of(path, error.source()), error.description()));
  }
  std::vector<ConfigEntry> entries;
  for (const auto& [name, node] : table) {
    const std::string key(name.str());
    const std::string place = place_of(path, node.source());
    entries.push_back({key, value_of(node, key, place), place});
  }
  return entries;
}

#else

std::vector<ConfigEntry> parse_toml(const std::string& path, std::string_view /*text*/) {
  throw UsageError(fmt::format(
      "{}: this gradus was built without toml++, so it reads config files in JSON only (their names end with .json)",
      printable(path)));
}

#endif

}  // namespace gradus::cli
