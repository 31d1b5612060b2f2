#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "model/model_state.hpp"

namespace gradus::internal {

void write_model(const std::filesystem::path& path, const ModelState& state);

/// Throw FileError, and FormatError, which begins with the file's name, unless all parts of the file fit each other.
[[nodiscard]] std::shared_ptr<const ModelState> read_model(const std::filesystem::path& path);
/// The same from memory; `source` names it in messages.
[[nodiscard]] std::shared_ptr<const ModelState> parse_model(std::string_view bytes, std::string_view source);

}  // namespace gradus::internal
