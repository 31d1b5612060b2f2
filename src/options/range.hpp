#pragma once

#include <string>
#include <string_view>

namespace gradus::internal {

/// Which numbers an option can have. Training computes in 32-bit floats, so the bounds must hold for the number as a float
/// too.
class Range {
 public:
  /// At least / above this.
  [[nodiscard]] static Range at_least(double least) { return {least, false}; }
  [[nodiscard]] static Range above(double least) { return {least, true}; }
  /// And below this / at most this.
  [[nodiscard]] Range below(double most) const { return with_most(most, true); }
  [[nodiscard]] Range at_most(double most) const { return with_most(most, false); }
  /// A value that messages offer.
  [[nodiscard]] Range such_as(std::string_view example) const;
  /// For a number that training does not compute with, such as a time: only the double is checked.
  [[nodiscard]] Range in_doubles() const;
  /// Also 0, which switches the option off.
  [[nodiscard]] Range or_zero() const;

  [[nodiscard]] bool contains(double value) const;
  /// "a number of at least 0 and below 1, such as 0.1".
  [[nodiscard]] std::string describe() const;

 private:
  Range(double least, bool is_open) : least_(least), is_open_(is_open) {}
  [[nodiscard]] Range with_most(double most, bool most_is_open) const;

  double least_;
  bool is_open_;
  bool has_most_ = false;
  double most_ = 0.0;
  bool most_is_open_ = false;
  bool takes_zero_ = false;
  bool is_rounded_ = true;  // to a 32-bit float
  std::string_view example_ = "0.1";
};

}  // namespace gradus::internal
