#pragma once

#include <string>
#include <string_view>

namespace gradus::cli {

/// What `gradus --help` prints.
[[nodiscard]] std::string_view general_help();
/// What `gradus COMMAND --help` prints: a text, and the options from their tables; empty for an unknown command.
[[nodiscard]] std::string command_help(std::string_view command);

}  // namespace gradus::cli
