#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace gradus::report {

using Json = nlohmann::ordered_json;

/// One line of JSON, or with `indent` spaces per level several. NaN and infinity become null, and bytes that are not UTF-8
/// (in a name from a file, say) are replaced.
[[nodiscard]] std::string to_text(const Json& value, int indent = -1);

/// Appends the shortest text that reads back as the same number; null for NaN and infinity, which JSON cannot hold.
void append_json_number(std::string& text, double value);
void append_json_number(std::string& text, float value);

}  // namespace gradus::report
