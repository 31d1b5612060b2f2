#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gradus::cli {

/// One line of a config file.
struct ConfigEntry {
  std::string key;
  std::variant<bool, std::string> value;  ///< a word, or yes or no; of a list the words with commas between them
  std::string place;                      ///< "run.toml:3", for messages
};

/// What a config file asks for.
struct Config {
  std::vector<std::pair<std::string, std::string>> options;  ///< key and text, as in ParsedWords
  std::optional<std::string> data;                           ///< the key `data`
};

/// Reads options of `train` from a TOML file, or from JSON such as options.json when its name ends with .json. A key is an
/// option's name, with - or _ within it. Throws FileError for a file that cannot be read, and UsageError, with the place,
/// for a key that no option has.
[[nodiscard]] Config read_config(const std::string& path);

/// A word as one of a list. Throws UsageError, with the place, for one that would become two, or none.
[[nodiscard]] std::string list_word(std::string word, const std::string& place, const std::string& key);

/// The entries of a TOML document. Throws UsageError, where the command was built without a reader of TOML too.
[[nodiscard]] std::vector<ConfigEntry> parse_toml(const std::string& path, std::string_view text);

}  // namespace gradus::cli
