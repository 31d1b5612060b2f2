#include "options/range.hpp"

#include <cmath>

#include <fmt/format.h>

namespace gradus::internal {

Range Range::with_most(double most, bool most_is_open) const {
  Range range = *this;
  range.has_most_ = true;
  range.most_ = most;
  range.most_is_open_ = most_is_open;
  return range;
}

Range Range::such_as(std::string_view example) const {
  Range range = *this;
  range.example_ = example;
  return range;
}

Range Range::in_doubles() const {
  Range range = *this;
  range.is_rounded_ = false;
  return range;
}

Range Range::or_zero() const {
  Range range = *this;
  range.takes_zero_ = true;
  return range;
}

bool Range::contains(double value) const {
  const double rounded = is_rounded_ ? static_cast<double>(static_cast<float>(value)) : value;
  if (!std::isfinite(rounded)) return false;
  if (takes_zero_ && value == 0.0) return true;
  const auto fits = [&](double number) {
    const bool low_enough = !has_most_ || (most_is_open_ ? number < most_ : number <= most_);
    return low_enough && (is_open_ ? number > least_ : number >= least_);
  };
  return fits(value) && (fits(rounded) || (!is_open_ && value == least_) || (!most_is_open_ && has_most_ && value == most_));
}

std::string Range::describe() const {
  const std::string_view zero = takes_zero_ ? "0, or " : "";
  if (has_most_ && is_open_ && most_is_open_)
    return fmt::format("{}a number between {} and {}, such as {}", zero, least_, most_, example_);
  if (has_most_ && !is_open_ && !most_is_open_)
    return fmt::format("{}a number from {} to {}, such as {}", zero, least_, most_, example_);
  std::string text = fmt::format("{}a number {} {}", zero, is_open_ ? "above" : "of at least", least_);
  if (has_most_) text += fmt::format(" and {} {}", most_is_open_ ? "below" : "at most", most_);
  return fmt::format("{}, such as {}", text, example_);
}

}  // namespace gradus::internal
