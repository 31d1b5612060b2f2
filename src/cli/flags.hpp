#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace gradus::cli {

/// Options of the library that its messages advise.
inline constexpr std::array<std::string_view, 11> kAdvisedOptions{"target",  "task",        "header",          "delimiter",
                                                                  "ignore",  "categorical", "most_categories", "weights",
                                                                  "missing", "normalize",   "image_size"};

/// A message of the library as a user of the command reads it: an option of `keys` in backticks becomes its flag, so that
/// "(`most_categories` = 9)" is "(--most-categories 9)". Other words in backticks stay.
[[nodiscard]] std::string with_flags(std::string_view message, std::span<const std::string_view> keys = kAdvisedOptions);

}  // namespace gradus::cli
