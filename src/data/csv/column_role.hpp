#pragma once

#include <cstdint>

namespace gradus::internal {

/// What becomes of a table's column.
struct ColumnRole {
  enum class Kind : std::uint8_t {
    numbers,  ///< a feature whose values are numbers
    names,    ///< a feature whose values are names
    target,
    weight,
    ignored,
  };

  Kind kind = Kind::ignored;
  std::uint32_t feature = 0;  ///< `numbers` and `names`: the place among the features

  [[nodiscard]] constexpr bool is_feature() const { return kind == Kind::numbers || kind == Kind::names; }
};

}  // namespace gradus::internal
