#pragma once

#include <string_view>

#include "gradus/export.hpp"

namespace gradus {

/// The version of the library, as `gradus --version` prints it: "MAJOR.MINOR.PATCH".
[[nodiscard]] GRADUS_EXPORT std::string_view version();

}  // namespace gradus
