#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "gradus/export.hpp"

namespace gradus {

/// An option's value as a file holds it. It is nothing (`null` in JSON) if the option has no value or no effect, such as
/// `momentum` with `sgd`.
using OptionValue =
    std::variant<std::monostate, std::uint64_t, double, std::string, std::vector<std::uint64_t>, std::vector<double>>;

/// A value as the command line takes it: lists are separated by commas; nothing is an empty text.
[[nodiscard]] GRADUS_EXPORT std::string to_string(const OptionValue& value);

}  // namespace gradus
