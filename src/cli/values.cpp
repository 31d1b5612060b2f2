#include "cli/values.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/text.hpp"
#include "gradus/error.hpp"

namespace gradus::cli {
namespace {

[[noreturn]] void refuse_choice(std::string_view option, std::string_view text, std::string_view suggestion,
                                std::span<const std::string_view> valid) {
  throw UsageError(fmt::format("{}: unknown value '{}'{}; the choices are {}", option, printable(text), suggestion,
                               fmt::join(valid, ", ")));
}

// std::from_chars knows no locale and no leading blanks; here all of the text must be the number.
template <typename Number>
std::errc read_number(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop != end) return std::errc::invalid_argument;
  return error;
}

std::optional<double> finite_number(std::string_view text) {
  double number = 0.0;
  const bool read = read_number(text, number) == std::errc() && std::isfinite(number);
  return read ? std::optional(number) : std::nullopt;
}

// `1e3` and `1000.0` are no whole numbers to a strict reader, but it is clear what they mean.
std::string whole_spelling(std::string_view text) {
  constexpr double kExact = 9007199254740992.0;  // 2^53: below it a double holds whole numbers exactly
  const auto number = finite_number(text);
  if (!number || *number < 1.0 || *number > kExact || std::floor(*number) != *number) return {};
  return fmt::format("; write {}", static_cast<std::uint64_t>(*number));
}

}  // namespace

std::uint64_t whole_number(std::string_view option, std::string_view text, std::uint64_t least) {
  std::uint64_t number = 0;
  const std::errc error = read_number(text, number);
  if (error == std::errc::result_out_of_range)
    throw UsageError(fmt::format("{}: {} is too large; the largest number is {}", option, printable(text),
                                 std::numeric_limits<std::uint64_t>::max()));
  if (error != std::errc() || number < least)
    throw UsageError(fmt::format("{}: '{}' is not a whole number of at least {}{}", option, printable(text), least,
                                 whole_spelling(text)));
  return number;
}

std::size_t count(std::string_view option, std::string_view text) {
  static_assert(sizeof(std::size_t) == sizeof(std::uint64_t));
  return whole_number(option, text, 1);
}

std::size_t batch_size(std::string_view option, std::string_view text) {
  std::size_t number = 0;
  if (read_number(text, number) == std::errc() && number > 0) return number;
  throw UsageError(fmt::format("{}: '{}' is neither a whole number of at least 1 nor `full`{}", option, printable(text),
                               whole_spelling(text)));
}

double positive_number(std::string_view option, std::string_view text) {
  const auto number = finite_number(text);
  if (number && *number > 0.0) return *number;
  throw UsageError(fmt::format("{}: '{}' is not a number above 0, such as 0.1", option, printable(text)));
}

double fraction(std::string_view option, std::string_view text) {
  const auto number = finite_number(text);
  if (number && *number > 0.0 && *number < 1.0) return *number;
  throw UsageError(fmt::format("{}: '{}' is not a number between 0 and 1, such as 0.2", option, printable(text)));
}

double part_of_one(std::string_view option, std::string_view text) {
  const auto number = finite_number(text);
  if (number && *number >= 0.0 && *number < 1.0) return *number;
  throw UsageError(fmt::format("{}: '{}' is not a number of at least 0 and below 1, such as 0.1", option, printable(text)));
}

double number_from_zero(std::string_view option, std::string_view text) {
  const auto number = finite_number(text);
  if (number && *number >= 0.0) return *number;
  throw UsageError(fmt::format("{}: '{}' is not a number of at least 0, such as 0.1", option, printable(text)));
}

ElasticDistortion elastic_distortion(std::string_view option, std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto alpha = finite_number(text.substr(0, colon));
  ElasticDistortion elastic{alpha.value_or(-1.0), std::nullopt};
  if (colon != std::string_view::npos) elastic.sigma = finite_number(text.substr(colon + 1)).value_or(0.0);
  if (elastic.alpha >= 0.0 && (!elastic.sigma || *elastic.sigma > 0.0)) return elastic;
  throw UsageError(fmt::format("{}: '{}' is not ALPHA or ALPHA:SIGMA, such as 34 or 34:4", option, printable(text)));
}

ImageSize image_size(std::string_view option, std::string_view text) {
  const std::size_t cross = text.find('x');
  ImageSize size;
  const bool read = cross != std::string_view::npos && read_number(text.substr(0, cross), size.height) == std::errc() &&
                    read_number(text.substr(cross + 1), size.width) == std::errc() && size.height > 0 && size.width > 0;
  if (read) return size;
  throw UsageError(fmt::format("{}: '{}' is not HEIGHTxWIDTH, such as 28x28", option, printable(text)));
}

double seconds(std::string_view option, std::string_view text) {
  double unit = 1.0;
  std::string_view number = text;
  if (text.ends_with('s') || text.ends_with('m') || text.ends_with('h')) {
    unit = text.ends_with('s') ? 1.0 : text.ends_with('m') ? 60.0 : 3600.0;
    number.remove_suffix(1);
  }
  const auto value = finite_number(number);
  if (value && *value > 0.0 && std::isfinite(*value * unit)) return *value * unit;
  throw UsageError(
      fmt::format("{}: '{}' is not a time; write seconds, such as 90, or 90s, 1.5m or 2h", option, printable(text)));
}

std::vector<std::size_t> hidden_widths(std::string_view option, std::string_view text) {
  std::vector<std::size_t> widths;
  if (text == "none") return widths;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view width = rest.substr(0, comma);
    std::size_t number = 0;
    if (read_number(width, number) != std::errc() || number == 0)
      throw UsageError(
          fmt::format("{}: '{}' is not a list of layer widths; write `30`, `128,64`, or `none` for no hidden layer", option,
                      printable(text)));
    widths.push_back(number);
    if (comma == std::string_view::npos) return widths;
    rest.remove_prefix(comma + 1);
  }
}

std::vector<std::string> columns(std::string_view option, std::string_view text) {
  std::vector<std::string> columns;
  if (text == "none") return columns;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    columns.emplace_back(rest.substr(0, comma));
    if (columns.back().empty())
      throw UsageError(
          fmt::format("{}: '{}' is not a list of columns; write names or numbers, such as `id` or `1,name`, or `none`",
                      option, printable(text)));
    if (comma == std::string_view::npos) return columns;
    rest.remove_prefix(comma + 1);
  }
}

bool yes_or_no(std::string_view option, std::string_view text) {
  constexpr std::array<std::string_view, 2> kWords{"yes", "no"};
  if (text == kWords[0]) return true;
  if (text == kWords[1]) return false;
  refuse_choice(option, text, kWords);
}

char delimiter(std::string_view option, std::string_view text) {
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1) return text.front();
  throw UsageError(fmt::format("{}: '{}' is not one character; write ',' or ';' or tab", option, printable(text)));
}

Initialization initialization(std::string_view option, std::string_view text) {
  const std::string_view kind = text.substr(0, text.find(':'));
  if (!from_name<Initialization::Kind>(kind)) {
    constexpr std::array<std::string_view, 4> kChoices{"xavier", "normal", "he", "uniform:R"};
    refuse_choice(option, text, did_you_mean(kind, kNames<Initialization::Kind>), kChoices);
  }
  try {
    return Initialization::parse(text);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}: {}", option, error.what()));
  }
}

Schedule schedule(std::string_view option, std::string_view text) {
  const std::string_view kind = text.substr(0, text.find(':'));
  if (!from_name<Schedule::Kind>(kind)) {
    constexpr std::array<std::string_view, 6> kChoices{"constant", "step:N:F",  "exponential:F",
                                                       "cosine",   "one-cycle", "plateau:N:F"};
    refuse_choice(option, text, did_you_mean(kind, kNames<Schedule::Kind>), kChoices);
  }
  try {
    return Schedule::parse(text);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}: {}", option, error.what()));
  }
}

Device device(std::string_view option, std::string_view text) {
  const std::string_view kind = text.substr(0, text.find(':'));
  if (!from_name<Device::Kind>(kind)) {
    constexpr std::array<std::string_view, 4> kChoices{"auto", "cpu", "cuda", "cuda:N"};
    refuse_choice(option, text, did_you_mean(kind, kNames<Device::Kind>), kChoices);
  }
  try {
    return Device::parse(text);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}: {}", option, error.what()));
  }
}

void refuse_choice(std::string_view option, std::string_view text, std::span<const std::string_view> valid) {
  refuse_choice(option, text, did_you_mean(text, valid), valid);
}

}  // namespace gradus::cli
