#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gradus::internal {

/// The candidate that a user most likely meant: by the number of letters to insert, remove, replace or swap, ignoring case;
/// or the one that `wanted` is the beginning of. Empty when nothing is near.
[[nodiscard]] std::string nearest(std::string_view wanted, std::span<const std::string_view> candidates);

}  // namespace gradus::internal
