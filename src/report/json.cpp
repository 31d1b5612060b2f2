#include "report/json.hpp"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace gradus::report {
namespace {

template <typename Number>
void append_number(std::string& text, Number value) {
  if (std::isfinite(value))
    fmt::format_to(std::back_inserter(text), "{}", value);
  else
    text += "null";
}

}  // namespace

std::string to_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void append_json_number(std::string& text, double value) {
  append_number(text, value);
}

void append_json_number(std::string& text, float value) {
  append_number(text, value);
}

}  // namespace gradus::report
