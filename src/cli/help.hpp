#pragma once

#include <string_view>

namespace gradus::cli {

/// What `gradus --help` prints.
[[nodiscard]] std::string_view general_help();
/// What `gradus COMMAND --help` prints; empty for an unknown command.
[[nodiscard]] std::string_view command_help(std::string_view command);

}  // namespace gradus::cli
