#include "cli/config_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "cli/command_options.hpp"
#include "cli/text.hpp"
#include "gradus/error.hpp"
#include "report/json.hpp"

namespace gradus::cli {

using report::Json;
namespace {

// The entries of options.json that are not options.
constexpr std::array<std::string_view, 3> kResults{"version", "inputs", "outputs"};

std::string read_text(const std::string& path) {
  constexpr std::size_t kLongest = std::size_t{1} << 20;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw FileError(fmt::format("{}: cannot read this config file: {}", printable(path), std::strerror(errno)));
  std::string text(kLongest + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (file.fail() && !file.eof()))
    throw FileError(fmt::format("{}: cannot read this config file: {}", printable(path), std::strerror(errno)));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLongest)
    throw UsageError(fmt::format("{}: more than 1 MB; this is not a config file", printable(path)));
  return text;
}

std::string word_of(const Json& json, const std::string& path, const std::string& key) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number()) return json.dump();
  throw UsageError(fmt::format("{}: {} must be a text, a number, true or false, or a list of texts and numbers", path, key));
}

std::variant<bool, std::string> value_of(const Json& json, const std::string& path, const std::string& key) {
  if (json.is_boolean()) return json.get<bool>();
  if (!json.is_array()) return word_of(json, path, key);
  std::string words;
  for (const Json& element : json)
    words.append(words.empty() ? "" : ",").append(list_word(word_of(element, path, key), path, key));
  return words.empty() ? "none" : words;
}

/// A key whose value is null was not given.
std::vector<ConfigEntry> parse_json(const std::string& path, const std::string& text) {
  constexpr int kDeepest = 2;
  std::vector<ConfigEntry> entries;
  try {
    const Json json = Json::parse(text, [&](int depth, Json::parse_event_t, const Json&) {
      if (depth > kDeepest) throw UsageError(fmt::format("{}: nested too deeply for options", path));
      return true;
    });
    if (!json.is_object()) throw UsageError(fmt::format("{}: this is not an object with options", path));
    for (const auto& [key, value] : json.items())
      if (!value.is_null() && std::find(kResults.begin(), kResults.end(), key) == kResults.end())
        entries.push_back({key, value_of(value, path, key), path});
  } catch (const Json::exception& error) {
    throw UsageError(fmt::format("{}: this is not JSON: {}", path, printable(error.what())));
  }
  return entries;
}

std::string key_of(std::string key) {
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

/// The option of an entry; a config file cannot name another.
const OptionInfo& option_of(const ConfigEntry& entry) {
  constexpr std::string_view kConfig = "config";
  const std::string key = key_of(entry.key);
  std::vector<std::string> names{"data"};
  for (const OptionInfo* info : options_of(Command::train)) {
    if (info->key == kConfig) continue;
    if (info->key == key) return *info;
    names.push_back(flag_of(info->key).substr(2));
  }
  const std::vector<std::string_view> valid(names.begin(), names.end());
  throw UsageError(
      fmt::format("{}: unknown key '{}'{}; `gradus train --help` lists the options, which are the keys without "
                  "their dashes",
                  entry.place, printable(entry.key), did_you_mean(flag_of(printable(entry.key)).substr(2), valid)));
}

/// Adds the entry's text, as it would be on the command line.
void add_option(const ConfigEntry& entry, const OptionInfo& info, Config& config) {
  const bool* yes = std::get_if<bool>(&entry.value);
  if (info.is_flag()) {
    if (yes == nullptr) throw UsageError(fmt::format("{}: {} must be true or false", entry.place, entry.key));
    if (*yes) config.options.emplace_back(info.key, "");
    return;
  }
  if (yes == nullptr && std::get<std::string>(entry.value).empty())
    throw UsageError(fmt::format("{}: the value of {} is empty", entry.place, entry.key));
  config.options.emplace_back(info.key, yes == nullptr ? std::get<std::string>(entry.value) : *yes ? "yes" : "no");
}

}  // namespace

std::string list_word(std::string word, const std::string& place, const std::string& key) {
  if (word.empty() || word.find(',') != std::string::npos)
    throw UsageError(
        fmt::format("{}: {}: '{}' cannot be in a list, as it is empty or has a comma in it; give a column's number "
                    "instead of its name",
                    place, key, printable(word)));
  return word;
}

Config read_config(const std::string& path) {
  const std::string text = read_text(path);
  const std::string shown = printable(path);
  Config config;
  std::vector<std::string_view> seen;
  for (const ConfigEntry& entry : path.ends_with(".json") ? parse_json(shown, text) : parse_toml(shown, text)) {
    if (entry.key == "data" && std::holds_alternative<std::string>(entry.value)) {
      if (std::get<std::string>(entry.value).empty())
        throw UsageError(fmt::format("{}: the value of data is empty", entry.place));
      config.data = std::get<std::string>(entry.value);
      continue;
    }
    const OptionInfo& info = option_of(entry);
    if (std::find(seen.begin(), seen.end(), info.key) != seen.end())
      throw UsageError(fmt::format("{}: {} is given twice", entry.place, entry.key));
    seen.push_back(info.key);
    add_option(entry, info, config);
  }
  return config;
}

}  // namespace gradus::cli
