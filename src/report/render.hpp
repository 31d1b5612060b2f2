#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "report/facts.hpp"
#include "report/json.hpp"

namespace gradus::report {

/// How a title looks, in bold for example; it must not change the title's width.
using TitleStyle = std::function<std::string(std::string_view title)>;

/// One line per fact, tables and paragraphs. Titles are padded, then styled.
[[nodiscard]] std::string as_text(const Report& report, const TitleStyle& style = {});
/// One object.
[[nodiscard]] Json as_json(const Report& report);

/// Facts in one line of text: those with a title, `epoch 3/9  cost 0.2275`.
[[nodiscard]] std::string as_line(const Facts& facts);
/// Facts in one line of JSON, without its end. It is made without a tree and with numbers as short as they can be, for files
/// that get thousands of lines a second.
[[nodiscard]] std::string as_json_line(const Facts& facts);

/// Rows and their heading, one line each, with what did not fit.
[[nodiscard]] std::string as_text(const Table& table);
/// How a line of text or a cell has it; only for kinds that are one word or number.
[[nodiscard]] std::string as_text(const Value& value);

}  // namespace gradus::report
