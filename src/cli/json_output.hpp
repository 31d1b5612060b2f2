#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "cli/output.hpp"

namespace gradus::cli {

using Json = nlohmann::ordered_json;

/// One line of JSON. NaN and infinity become null, and bytes that are not UTF-8 (in a name from a file, say) are replaced.
[[nodiscard]] std::string to_text(const Json& value);

/// The result of a command, on standard output.
void print_json(const Json& value);

}  // namespace gradus::cli
