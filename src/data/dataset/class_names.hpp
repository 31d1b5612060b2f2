#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gradus/dataset.hpp"

namespace gradus::internal {

/// A whole-numbered target with at most this many distinct values is read as classes.
inline constexpr std::size_t kMostNumericClasses = 100;
/// From here on a double skips whole numbers: different ones in a file may have become one, so they are not read as
/// classes.
inline constexpr double kFirstUnsureNumber = 9'007'199'254'740'992.0;
/// No classification has more classes.
inline constexpr std::size_t kMostClasses = 65'536;

/// A number as the name of a class: "3" for 3.0, "0.5", "0" for -0.
[[nodiscard]] std::string class_name(double number);

/// Whether a target with these distinct values is read as classes, when `task` does not say.
[[nodiscard]] bool are_classes(std::span<const double> distinct, std::optional<Task> task);

/// Hashes std::string and std::string_view alike, so that a look-up makes no string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <typename Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

/// Finds a class by what a file calls it.
class ClassIndex {
 public:
  explicit ClassIndex(std::span<const std::string> names);

  /// By the name itself, or by the number that it is: "3.0" finds the class "3". Numbers from kFirstUnsureNumber on are
  /// found by their names only.
  [[nodiscard]] std::optional<std::int32_t> find(std::string_view text) const;
  [[nodiscard]] std::optional<std::int32_t> find(double number) const;
  /// "is not one of the model's classes: 'a', 'b', …"
  [[nodiscard]] std::string unknown() const;

 private:
  std::span<const std::string> names_;
  TextMap<std::int32_t> index_;
};

}  // namespace gradus::internal
