#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/device.hpp"
#include "gradus/image_size.hpp"
#include "gradus/names.hpp"
#include "gradus/network_spec.hpp"
#include "gradus/training_options.hpp"

namespace gradus::cli {

// Values of options, read strictly: nothing is rounded, cut off or ignored. Each throws UsageError, which names the option,
// shows what was written, and says what would be right.

/// A whole number from `least` to 2^64 − 1.
[[nodiscard]] std::uint64_t whole_number(std::string_view option, std::string_view text, std::uint64_t least);
/// A whole number of at least 1 that counts things in memory.
[[nodiscard]] std::size_t count(std::string_view option, std::string_view text);
/// The same, or the word `full` (which the caller has dealt with) in the message.
[[nodiscard]] std::size_t batch_size(std::string_view option, std::string_view text);
/// A finite number above 0.
[[nodiscard]] double positive_number(std::string_view option, std::string_view text);
/// A number between 0 and 1, both excluded.
[[nodiscard]] double fraction(std::string_view option, std::string_view text);
/// A number of at least 0 and below 1.
[[nodiscard]] double part_of_one(std::string_view option, std::string_view text);
/// A finite number of at least 0.
[[nodiscard]] double number_from_zero(std::string_view option, std::string_view text);
/// `constant`, `step:N:F`, `exponential:F`, `cosine`, `one-cycle` or `plateau:N:F`.
[[nodiscard]] Schedule schedule(std::string_view option, std::string_view text);
/// `ALPHA` or `ALPHA:SIGMA` of elastic distortions.
struct ElasticDistortion {
  double alpha;
  std::optional<double> sigma;
};
[[nodiscard]] ElasticDistortion elastic_distortion(std::string_view option, std::string_view text);
/// `HEIGHTxWIDTH`.
[[nodiscard]] ImageSize image_size(std::string_view option, std::string_view text);
/// A time above 0 in seconds: `90`, `90s`, `1.5m` or `2h`.
[[nodiscard]] double seconds(std::string_view option, std::string_view text);
/// `30`, `128,64`, or `none`.
[[nodiscard]] std::vector<std::size_t> hidden_widths(std::string_view option, std::string_view text);
/// Names or numbers of columns: `id` or `1,name`, or `none`. Whether a table has them is seen later.
[[nodiscard]] std::vector<std::string> columns(std::string_view option, std::string_view text);
[[nodiscard]] bool yes_or_no(std::string_view option, std::string_view text);
/// `xavier`, `normal`, `he` or `uniform:R`.
[[nodiscard]] Initialization initialization(std::string_view option, std::string_view text);
/// `auto`, `cpu`, `cuda` or `cuda:N`.
[[nodiscard]] Device device(std::string_view option, std::string_view text);
/// One character, or `tab`.
[[nodiscard]] char delimiter(std::string_view option, std::string_view text);

/// Throws the error that a word which is none of `valid` deserves.
[[noreturn]] void refuse_choice(std::string_view option, std::string_view text, std::span<const std::string_view> valid);

/// One of an enumeration's names.
template <typename Enum>
[[nodiscard]] Enum choice(std::string_view option, std::string_view text) {
  if (const auto value = from_name<Enum>(text)) return *value;
  refuse_choice(option, text, kNames<Enum>);
}

}  // namespace gradus::cli
