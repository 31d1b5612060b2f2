#pragma once

#include <string_view>

namespace gradus::internal {

/// Whether a text is a date, a time of day, or both: "2026-11-25", "25.11.2026 14:30", "Nov 25, 2026", "14:30:05".
[[nodiscard]] bool is_date(std::string_view text);

}  // namespace gradus::internal
