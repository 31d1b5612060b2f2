#pragma once

#include <string>

#include "gradus/network_spec.hpp"

namespace gradus::cli {

/// `64-30-10, sigmoid, 2,260 parameters`.
[[nodiscard]] std::string describe(const NetworkSpec& network);

}  // namespace gradus::cli
