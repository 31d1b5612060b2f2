#include "options/codec.hpp"

#include <fmt/ranges.h>

namespace gradus::internal {

OptionValue Codec<std::vector<std::string>>::value(const std::vector<std::string>& columns) {
  if (columns.empty()) return {};
  return fmt::format("{}", fmt::join(columns, ","));
}

}  // namespace gradus::internal
