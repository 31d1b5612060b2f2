#pragma once

#include <string>
#include <string_view>

#include "gradus/options.hpp"

namespace gradus::cli {

/// What `gradus --help` prints.
[[nodiscard]] std::string general_help();
/// What a command is for: examples, usage and a description, without its options.
[[nodiscard]] std::string text_of(Command command);
/// What an option does, with its choices in place.
[[nodiscard]] std::string help_of(const OptionInfo& info);
/// What `gradus COMMAND --help` prints: a text, and the options from their tables; empty for an unknown command.
[[nodiscard]] std::string command_help(std::string_view command);

}  // namespace gradus::cli
