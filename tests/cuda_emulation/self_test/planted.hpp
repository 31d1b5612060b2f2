#pragma once

#include <cstdlib>
#include <string_view>

namespace gradus::self_test {

/// Whether the fault of this name is planted into this run: GRADUS_PLANTED_BUG=NAME. planted_bugs.py has the list of them,
/// and what must find each.
inline bool is_planted(std::string_view name) {
  const char* const planted = std::getenv("GRADUS_PLANTED_BUG");
  return planted != nullptr && name == planted;
}

}  // namespace gradus::self_test
