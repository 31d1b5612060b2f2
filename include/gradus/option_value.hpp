#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "gradus/export.hpp"

namespace gradus {

/// An option's value as a file holds it; nothing where it has none, or where it does not count.
using OptionValue =
    std::variant<std::monostate, std::uint64_t, double, std::string, std::vector<std::uint64_t>, std::vector<double>>;

/// A value as the command line takes it: lists with commas; empty for nothing.
[[nodiscard]] GRADUS_EXPORT std::string to_string(const OptionValue& value);

}  // namespace gradus
