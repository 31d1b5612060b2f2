#include "data/dataset/class_names.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/wording.hpp"
#include "data/csv/number.hpp"

namespace gradus::internal {

std::string class_name(double number) {
  // Beyond that a double skips whole numbers, and its shortest form says so.
  if (std::floor(number) == number && std::abs(number) <= kFirstUnsureNumber)
    return fmt::format("{}", static_cast<std::int64_t>(number));
  return fmt::format("{}", number);
}

bool are_classes(std::span<const double> distinct, std::optional<Task> task) {
  if (task) return *task == Task::classification;
  return distinct.size() <= kMostNumericClasses &&
         std::all_of(distinct.begin(), distinct.end(), [](double value) { return std::floor(value) == value; });
}

ClassIndex::ClassIndex(std::span<const std::string> names) : names_(names) {
  for (std::size_t i = 0; i < names.size(); ++i) index_.emplace(names[i], static_cast<std::int32_t>(i));
}

std::optional<std::int32_t> ClassIndex::find(std::string_view text) const {
  if (const auto found = index_.find(text); found != index_.end()) return found->second;
  double number = 0;
  return parse_field(text, number) == FieldKind::number ? find(number) : std::nullopt;
}

std::optional<std::int32_t> ClassIndex::find(double number) const {
  if (std::abs(number) >= kFirstUnsureNumber) return std::nullopt;
  const auto found = index_.find(class_name(number));
  return found == index_.end() ? std::nullopt : std::optional(found->second);
}

std::string ClassIndex::unknown() const {
  return fmt::format("is not one of the model's classes: {}", listed(names_));
}

}  // namespace gradus::internal
