#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/arguments.hpp"

namespace gradus::cli {

/// One line of a config file.
struct ConfigEntry {
  std::string key;
  std::variant<bool, std::string> value;  ///< a word, or yes or no; of a list the words with commas between them
  std::string place;                      ///< "run.toml:3", for messages
};

/// What a config file asks for.
struct Config {
  std::vector<std::string> words;   ///< options as on a command line
  std::optional<std::string> data;  ///< the key `data`
};

/// Reads options from a TOML file, or from JSON such as options.json when its name ends with .json. A key is an option's
/// name without its dashes, with - or _ within it. `without`: options that are left out, because the command line has others
/// in their place. Throws FileError for a file that cannot be read, and UsageError, with the place, for what is no option.
[[nodiscard]] Config read_config(const std::string& path, const Arguments& arguments,
                                 const std::vector<std::string_view>& without);

/// A word as one of a list. Throws UsageError, with the place, for one that would become two, or none.
[[nodiscard]] std::string list_word(std::string word, const std::string& place, const std::string& key);

/// The entries of a TOML document. Throws UsageError, where the command was built without a reader of TOML too.
[[nodiscard]] std::vector<ConfigEntry> parse_toml(const std::string& path, std::string_view text);

}  // namespace gradus::cli
