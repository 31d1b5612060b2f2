#pragma once

#include <string_view>

namespace gradus {

/// The version of the library, as `gradus --version` prints it: "MAJOR.MINOR.PATCH".
[[nodiscard]] std::string_view version();

}  // namespace gradus
