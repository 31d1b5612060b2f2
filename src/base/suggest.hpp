#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gradus::internal {

/// The candidate that a user most likely meant: by the number of letters to insert, remove, replace or swap, ignoring case;
/// or one that begins with `wanted`. Nothing when none is near.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view wanted, std::span<const std::string_view> candidates);

/// " (did you mean 'sigmoid'?)", or "" when none is near.
[[nodiscard]] std::string did_you_mean(std::string_view wanted, std::span<const std::string_view> candidates);

}  // namespace gradus::internal
