#pragma once

#include <type_traits>
#include <variant>

#include "gradus/option_value.hpp"

namespace gradus::internal {

/// An option's value as `Json`, nlohmann::json or nlohmann::ordered_json; null for none.
template <typename Json>
[[nodiscard]] Json option_json(const OptionValue& value) {
  return std::visit(
      [](const auto& held) -> Json {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(held)>, std::monostate>)
          return nullptr;
        else
          return held;
      },
      value);
}

}  // namespace gradus::internal
