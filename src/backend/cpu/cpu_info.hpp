#pragma once

#include <cstddef>
#include <string>

namespace gradus::internal {

/// Cores that this process may use: its affinity mask, less what a control group's quota takes away; at least 1.
[[nodiscard]] std::size_t usable_cores();

/// The CPU's model name as the system gives it.
[[nodiscard]] std::string cpu_name();

}  // namespace gradus::internal
