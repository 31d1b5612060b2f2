#pragma once

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "gradus/error.hpp"

namespace gradus::internal {

using Json = nlohmann::json;  // keeps keys sorted: equal values give equal text

[[noreturn]] inline void fail_model(std::string_view source, std::string_view what) {
  throw FormatError(fmt::format("{}: not a usable model file: {}", source, what));
}

/// Reads JSON from a model file. Nothing in one is nested deeply; what is could exhaust the stack later, since the library
/// prints nested values by recursion. Throws FormatError for that, and Json::exception for what is not JSON.
inline Json parse_json(std::string_view text, std::string_view source) {
  constexpr int kDeepest = 16;
  return Json::parse(text, [=](int depth, Json::parse_event_t, const Json&) {
    if (depth > kDeepest) fail_model(source, fmt::format("its description is nested more than {} deep", kDeepest));
    return true;
  });
}

}  // namespace gradus::internal
