#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gradus/export.hpp"
#include "gradus/names.hpp"

namespace gradus {

/// How the learning rate changes from its first value. Epochs count from the beginning of `Trainer::fit`, or from the end of
/// the warm-up if there is one.
/// - `constant`: it does not change
/// - `step:N:F`: multiplied by F after every N epochs (`step:N`: F = 0.1)
/// - `exponential:F`: multiplied by F after every epoch
/// - `cosine`: falls to 0 at the end of the run as ½ (1 + cos) does, step by step (Loshchilov and Hutter 2017, no restarts)
/// - `one-cycle`: rises from 1/25 to the full rate in the first 30 % of the steps, then falls to 1/250,000 (Smith and Topin
///   2019)
/// - `plateau:N:F`: multiplied by F whenever the monitored metric (without a validation set, the training cost) has not
///   improved for more than N epochs (`plateau`: N = 10, F = 0.1)
struct GRADUS_EXPORT Schedule {
  enum class Kind : std::uint8_t { constant, step, exponential, cosine, one_cycle, plateau };

  Kind kind = Kind::constant;
  std::size_t epochs = 10;  ///< N of `step` and `plateau`
  double factor = 0.1;      ///< F of `step`, `exponential` and `plateau`; 0 < F < 1

  /// Reads one of the forms above. Throws UsageError for anything else.
  static Schedule parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;

  bool operator==(const Schedule&) const = default;
};

template <>
inline constexpr std::array<std::string_view, 6> kNames<Schedule::Kind>{"constant", "step",      "exponential",
                                                                        "cosine",   "one-cycle", "plateau"};
template <>
inline constexpr std::array<std::string_view, 6> kForms<Schedule::Kind>{"constant", "step:N:F",  "exponential:F",
                                                                        "cosine",   "one-cycle", "plateau:N:F"};

}  // namespace gradus
