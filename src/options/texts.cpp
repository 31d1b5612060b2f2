#include "options/texts.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include <fast_float/fast_float.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/suggest.hpp"
#include "base/wording.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

/// All of the text must be the number.
template <typename Number>
std::errc read_all(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop != end ? std::errc::invalid_argument : error;
}

/// The words between commas.
std::vector<std::string_view> at_commas(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t comma = text.find(','); comma != std::string_view::npos; comma = text.find(',')) {
    words.push_back(text.substr(0, comma));
    text.remove_prefix(comma + 1);
  }
  words.push_back(text);
  return words;
}

}  // namespace

double number_or_nan(std::string_view text) {
  double number = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = fast_float::from_chars(text.data(), end, number);
  // A number that is not 0 and becomes 0 is as wrong as one that becomes infinite.
  const std::string_view digits = text.substr(0, text.find_first_of("eE"));
  const bool underflows = number == 0.0 && digits.find_first_of("123456789") != std::string_view::npos;
  const bool is_number = error == std::errc() && stop == end && std::isfinite(number) && !underflows;
  return is_number ? number : std::numeric_limits<double>::quiet_NaN();
}

std::string whole_spelling(std::string_view text) {
  constexpr double kExact = 0x1p53;  // below it a double holds whole numbers exactly
  const double number = number_or_nan(text);
  if (!(number >= 1.0 && number <= kExact) || std::floor(number) != number) return {};
  return fmt::format("; write {}", static_cast<std::uint64_t>(number));
}

std::uint64_t read_whole_number(std::string_view key, std::string_view text, std::uint64_t least) {
  std::uint64_t number = 0;
  const std::errc error = read_all(text, number);
  if (error == std::errc::result_out_of_range)
    throw UsageError(fmt::format("`{}`: {} is too large; the largest number is {}", key, in_quotes(text),
                                 std::numeric_limits<std::uint64_t>::max()));
  if (error == std::errc() && number < least)
    throw UsageError(fmt::format("`{}`: {} is not a whole number of at least {}", key, in_quotes(text), least));
  if (error != std::errc())
    throw UsageError(
        fmt::format("`{}`: {} is not a whole number of at least {}{}", key, in_quotes(text), least, whole_spelling(text)));
  return number;
}

double read_number(std::string_view key, std::string_view text, const Range& range) {
  const double number = number_or_nan(text);
  if (range.contains(number)) return number;
  const bool is_beyond = std::isfinite(number) && !std::isfinite(static_cast<float>(number));
  throw UsageError(fmt::format("`{}`: {} is {}{}", key, in_quotes(text),
                               is_beyond ? "beyond what a 32-bit float holds; give " : "not ", range.describe()));
}

double read_seconds(std::string_view key, std::string_view text) {
  double unit = 1.0;
  std::string_view number = text;
  if (text.ends_with('s') || text.ends_with('m') || text.ends_with('h')) {
    unit = text.ends_with('s') ? 1.0 : text.ends_with('m') ? 60.0 : 3600.0;
    number.remove_suffix(1);
  }
  const double value = number_or_nan(number) * unit;
  if (value > 0.0 && std::isfinite(value)) return value;
  throw UsageError(
      fmt::format("`{}`: {} is not a time; write seconds, such as 90, or 90s, 1.5m or 2h", key, in_quotes(text)));
}

std::vector<std::size_t> read_widths(std::string_view key, std::string_view text) {
  std::vector<std::size_t> widths;
  if (text == "none") return widths;
  for (const std::string_view word : at_commas(text)) {
    std::size_t width = 0;
    if (read_all(word, width) != std::errc() || width == 0)
      throw UsageError(fmt::format(
          "`{}`: {} is not a list of layer widths; write 30, or 128,64, or none for no hidden layer", key, in_quotes(text)));
    widths.push_back(width);
  }
  return widths;
}

std::vector<std::string> read_columns(std::string_view key, std::string_view text) {
  std::vector<std::string> columns;
  if (text == "none") return columns;
  for (const std::string_view word : at_commas(text)) {
    if (word.empty())
      throw UsageError(fmt::format(
          "`{}`: {} is not a list of columns; write names or numbers, such as id or 1,name, or none", key, in_quotes(text)));
    columns.emplace_back(word);
  }
  return columns;
}

bool read_yes_or_no(std::string_view key, std::string_view text) {
  static constexpr std::array<std::string_view, 2> kWords{"yes", "no"};
  if (text == kWords[0]) return true;
  if (text == kWords[1]) return false;
  refuse_choice(key, text, kWords, kWords);
}

char read_delimiter(std::string_view key, std::string_view text) {
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1) return text.front();
  throw UsageError(fmt::format("`{}`: {} is not one character; write ',' or ';' or tab", key, in_quotes(text)));
}

ImageSize read_image_size(std::string_view key, std::string_view text) {
  const std::size_t cross = text.find('x');
  ImageSize size;
  const bool is_size = cross != std::string_view::npos && read_all(text.substr(0, cross), size.height) == std::errc() &&
                       read_all(text.substr(cross + 1), size.width) == std::errc() && size.height > 0 && size.width > 0;
  if (is_size) return size;
  throw UsageError(fmt::format("`{}`: {} is not HEIGHTxWIDTH, such as 28x28", key, in_quotes(text)));
}

void refuse_choice(std::string_view key, std::string_view text, std::span<const std::string_view> names,
                   std::span<const std::string_view> choices) {
  throw UsageError(fmt::format("`{}`: unknown value {}{}; the choices are {}", key, in_quotes(text),
                               did_you_mean(text.substr(0, text.find(':')), names), fmt::join(choices, ", ")));
}

}  // namespace gradus::internal
