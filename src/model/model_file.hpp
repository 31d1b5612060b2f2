#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "model/model_state.hpp"
#include "model/safetensors.hpp"

namespace gradus::internal {

void write_model(const std::filesystem::path& path, const ModelState& state);

/// Checks that all parts of the file fit each other. Throws FormatError, which begins with `source`.
[[nodiscard]] std::shared_ptr<const ModelState> model_from(Safetensors file, std::string_view source);

}  // namespace gradus::internal
