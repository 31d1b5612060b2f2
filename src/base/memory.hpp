#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gradus::internal {

/// Bytes that this process can still get: the least of what the machine, the control group and the process's own limit
/// leave.
[[nodiscard]] std::size_t available_memory();

/// Throws OutOfMemory, naming both amounts, when `bytes` more are not to be had. `what` completes "… needs N": "the
/// network".
void require_memory(std::size_t bytes, std::string_view what);

/// "1.5 GB", "640 kB": decimal units, as tools for files print them.
[[nodiscard]] std::string format_bytes(std::size_t bytes);

}  // namespace gradus::internal
