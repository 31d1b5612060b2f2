#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gradus::cli {

/// The word of `valid` that the user probably meant, or nothing when none is close.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view written, std::span<const std::string_view> valid);

/// ` (did you mean 'sigmoid'?)`, or nothing when no word is close.
[[nodiscard]] std::string did_you_mean(std::string_view written, std::span<const std::string_view> valid);

}  // namespace gradus::cli
