#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace gradus {

/// The names of an enumeration's values, in the order of the values. Each enumeration specialises it where the enumeration
/// is defined; the values count from 0 without gaps.
template <typename Enum>
inline constexpr std::array<std::string_view, 0> kNames{};

/// The same as help and messages list them: with the numbers that some names need, `step:N:F`. An enumeration whose values
/// are followed by numbers specialises it beside its names.
template <typename Enum>
inline constexpr auto kForms = kNames<Enum>;

/// All values of an enumeration, in their order: one for each name.
template <typename Enum>
inline constexpr auto kValues = [] {
  std::array<Enum, kNames<Enum>.size()> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<Enum>(i);
  return values;
}();

/// The name of a value, as the command line and the model file write it: `name(Activation::tanh) == "tanh"`.
template <typename Enum>
constexpr std::string_view name(Enum value) {
  return kNames<Enum>[static_cast<std::size_t>(value)];
}

/// The value with this name, or nothing: `from_name<Activation>("tanh")`.
template <typename Enum>
constexpr std::optional<Enum> from_name(std::string_view wanted) {
  for (std::size_t i = 0; i < kNames<Enum>.size(); ++i)
    if (kNames<Enum>[i] == wanted) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace gradus
