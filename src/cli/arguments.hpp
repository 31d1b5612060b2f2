#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command_options.hpp"
#include "gradus/options.hpp"

namespace gradus::cli {

/// A word that must be given; `meaning` completes "it is …".
struct Positional {
  std::string_view name;
  std::string_view meaning;
};

/// The words of a command, taken apart; values are still text. An option that was given twice has its last value.
struct ParsedWords {
  std::vector<std::pair<std::string, std::string>> options;  ///< key and text; of a flag it is empty, or "no"
  std::vector<std::string> positionals;                      ///< as many as there were
};

/// Throws UsageError for a word that the command does not take, which names it and offers the nearest valid one, and for an
/// option without a value.
[[nodiscard]] ParsedWords parse_words(Command command, std::span<const Positional> positionals,
                                      const std::vector<std::string>& words);

/// Throws UsageError where a positional word is missing.
void require_positionals(Command command, std::span<const Positional> positionals, const ParsedWords& parsed);

/// Everything that a command was given.
struct Request {
  std::vector<std::string> positionals;
  GivenOptions given;
  CommandOptions command;
};

/// Values of what was parsed. Throws UsageError for a value that an option cannot have.
[[nodiscard]] Request read_values(const ParsedWords& parsed);

/// All of it for a command without config files. Throws UsageError.
[[nodiscard]] Request parse_request(Command command, std::span<const Positional> positionals,
                                    const std::vector<std::string>& words);

/// Throws UsageError when both sources are standard input, which can be read only once.
void refuse_standard_input_twice(const std::string& first, const std::string& second);

}  // namespace gradus::cli
