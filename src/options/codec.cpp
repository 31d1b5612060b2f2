#include "options/codec.hpp"

#include <fmt/ranges.h>

namespace gradus::internal {

OptionValue Codec<std::vector<std::string>>::value(const std::vector<std::string>& columns) {
  if (columns.empty()) return {};
  return fmt::format("{}", fmt::join(columns, ","));
}

template <>
std::vector<std::string_view> Codec<Schedule>::forms() {
  return {"constant", "step:N:F", "exponential:F", "cosine", "one-cycle", "plateau:N:F"};
}

template <>
std::vector<std::string_view> Codec<Initialization>::forms() {
  return {"xavier", "normal", "he", "uniform:R"};
}

template <>
std::vector<std::string_view> Codec<Device>::forms() {
  return {"auto", "cpu", "cuda", "cuda:N"};
}

}  // namespace gradus::internal
