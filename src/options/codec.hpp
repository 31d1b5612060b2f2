#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "gradus/error.hpp"
#include "gradus/options.hpp"
#include "options/range.hpp"
#include "options/texts.hpp"

// How values of each type are read from text and written to files. A codec has `choices()`, the words that texts offer;
// `read(key, text, details...)`, which throws UsageError; `value(field)`; and `check(key, field, details...)`, which throws
// UsageError for a value that a program set and that no text gives.
namespace gradus::internal {

/// A detail of optional options: the word `none` means no value.
struct OrNone {};

/// A detail of whole numbers: the least.
struct AtLeast {
  std::uint64_t least;
};

/// A detail of whole numbers whose field may be 0, which no text says.
struct WrittenAtLeastOne {};

template <typename T, typename = void>
struct Codec;

/// Numbers in a range.
template <>
struct Codec<double> {
  static std::vector<std::string_view> choices() { return {}; }
  static double read(std::string_view key, std::string_view text, const Range& range) {
    return read_number(key, text, range);
  }
  static OptionValue value(double number) { return number; }
  static void check(std::string_view key, double number, const Range& range) {
    if (!range.contains(number)) throw UsageError(fmt::format("`{}` is {}, and must be {}", key, number, range.describe()));
  }
};

/// Whole numbers; at least 1 unless a detail says otherwise.
template <>
struct Codec<std::uint64_t> {
  static_assert(std::is_same_v<std::size_t, std::uint64_t>);
  static std::vector<std::string_view> choices() { return {}; }
  static std::uint64_t read(std::string_view key, std::string_view text, AtLeast limit = {1}) {
    return read_whole_number(key, text, limit.least);
  }
  static std::uint64_t read(std::string_view key, std::string_view text, WrittenAtLeastOne /*limit*/) {
    return read_whole_number(key, text, 1);
  }
  static OptionValue value(std::uint64_t number) { return number; }
  static void check(std::string_view /*key*/, std::uint64_t /*number*/, WrittenAtLeastOne /*limit*/) {}
  static void check(std::string_view key, std::uint64_t number, AtLeast limit = {1}) {
    if (number < limit.least) throw UsageError(fmt::format("`{}` is {}, and must be at least {}", key, number, limit.least));
  }
};

/// Names of an enumeration's values.
template <typename Enum>
struct Codec<Enum, std::enable_if_t<std::is_enum_v<Enum>>> {
  static std::vector<std::string_view> choices() { return {kNames<Enum>.begin(), kNames<Enum>.end()}; }
  static Enum read(std::string_view key, std::string_view text) {
    if (const auto value = from_name<Enum>(text)) return *value;
    refuse_choice(key, text, kNames<Enum>, kNames<Enum>);
  }
  static OptionValue value(Enum value) { return std::string(name(value)); }
  static void check(std::string_view /*key*/, Enum /*value*/) {}
};

template <>
struct Codec<std::string> {
  static std::vector<std::string_view> choices() { return {}; }
  static std::string read(std::string_view key, std::string_view text) {
    if (text.empty()) throw UsageError(fmt::format("`{}`: the value is empty", key));
    return std::string(text);
  }
  static OptionValue value(const std::string& text) { return text; }
  static void check(std::string_view /*key*/, const std::string& /*text*/) {}
};

template <>
struct Codec<bool> {
  static std::vector<std::string_view> choices() { return {"yes", "no"}; }
  static bool read(std::string_view key, std::string_view text) { return read_yes_or_no(key, text); }
  static OptionValue value(bool yes) { return std::string(yes ? "yes" : "no"); }
  static void check(std::string_view /*key*/, bool /*yes*/) {}
};

template <>
struct Codec<char> {
  static std::vector<std::string_view> choices() { return {}; }
  static char read(std::string_view key, std::string_view text) { return read_delimiter(key, text); }
  static OptionValue value(char delimiter) { return delimiter == '\t' ? std::string("tab") : std::string(1, delimiter); }
  static void check(std::string_view /*key*/, char /*delimiter*/) {}
};

/// Columns, by name or number.
template <>
struct Codec<std::vector<std::string>> {
  static std::vector<std::string_view> choices() { return {}; }
  static std::vector<std::string> read(std::string_view key, std::string_view text) { return read_columns(key, text); }
  static OptionValue value(const std::vector<std::string>& columns);
  static void check(std::string_view /*key*/, const std::vector<std::string>& /*columns*/) {}
};

/// Widths of layers.
template <>
struct Codec<std::vector<std::size_t>> {
  static std::vector<std::string_view> choices() { return {}; }
  static std::vector<std::size_t> read(std::string_view key, std::string_view text) { return read_widths(key, text); }
  static OptionValue value(const std::vector<std::size_t>& widths) { return widths; }
  static void check(std::string_view key, const std::vector<std::size_t>& widths) {
    if (std::ranges::find(widths, std::size_t{0}) != widths.end())
      throw UsageError(fmt::format("`{}`: a layer has no units; every width must be at least 1", key));
  }
};

template <>
struct Codec<ImageSize> {
  static std::vector<std::string_view> choices() { return {}; }
  static ImageSize read(std::string_view key, std::string_view text) { return read_image_size(key, text); }
  static OptionValue value(const ImageSize& size) { return fmt::format("{}x{}", size.height, size.width); }
  static void check(std::string_view /*key*/, const ImageSize& /*size*/) {}
};

/// Types of the library that read and write themselves, `Kind` and numbers behind colons.
template <typename T>
struct Codec<T, std::void_t<typename T::Kind, decltype(T::parse(std::string_view()))>> {
  static std::vector<std::string_view> choices() { return Codec<typename T::Kind>::choices(); }
  static T read(std::string_view key, std::string_view text) {
    const std::string_view kind = text.substr(0, text.find(':'));
    if (!from_name<typename T::Kind>(kind)) refuse_choice(key, text, kNames<typename T::Kind>, kForms<typename T::Kind>);
    try {
      return T::parse(text);
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("`{}`: {}", key, error.what()));
    }
  }
  static OptionValue value(const T& value) { return value.to_string(); }
  static void check(std::string_view /*key*/, const T& /*value*/) {}
};

template <typename T>
struct Codec<std::optional<T>> {
  static std::vector<std::string_view> choices() { return Codec<T>::choices(); }
  template <typename... Details>
  static std::optional<T> read(std::string_view key, std::string_view text, const Details&... details) {
    return Codec<T>::read(key, text, details...);
  }
  template <typename... Details>
  static std::optional<T> read(std::string_view key, std::string_view text, OrNone /*none*/, const Details&... details) {
    if (text == "none") return std::nullopt;
    return Codec<T>::read(key, text, details...);
  }
  static OptionValue value(const std::optional<T>& value) { return value ? Codec<T>::value(*value) : OptionValue(); }
  template <typename... Details>
  static void check(std::string_view key, const std::optional<T>& value, const Details&... details) {
    if (value) Codec<T>::check(key, *value, details...);
  }
  template <typename... Details>
  static void check(std::string_view key, const std::optional<T>& value, OrNone /*none*/, const Details&... details) {
    if (value) Codec<T>::check(key, *value, details...);
  }
};

}  // namespace gradus::internal
