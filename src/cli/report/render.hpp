#pragma once

#include <string>

#include "cli/json_output.hpp"
#include "cli/report/facts.hpp"

namespace gradus::cli {

[[nodiscard]] std::string as_text(const Report& report);
[[nodiscard]] Json as_json(const Report& report);

/// Rows and their heading, one line each, with what did not fit.
[[nodiscard]] std::string as_text(const Table& table);
/// How a line of text or a cell has it; only for kinds that are one word or number.
[[nodiscard]] std::string as_text(const Value& value);

/// The result of a command, on standard output: the text, or one line of JSON.
void print(const Report& report, bool json);

}  // namespace gradus::cli
