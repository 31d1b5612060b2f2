#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/model_state.hpp"

namespace gradus::internal {

/// What a model file holds beside the tensors: texts by their keys, most of them JSON. docs/model-file.md describes them.
using Description = std::map<std::string, std::string>;

/// Throws Json::exception for names that are not UTF-8 text.
[[nodiscard]] Description description_of(const ModelState& state);

/// Throws FormatError for another format or version.
void check_format(const Description& description, std::string_view source);

/// Fills in everything but the layers. Throws FormatError, Json::exception, and std::out_of_range for a key that is missing.
void read_description(const Description& description, std::string_view source, ModelState& state);

}  // namespace gradus::internal
