#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "options/row.hpp"

namespace gradus {
namespace {

/// 8 for 8.0, and up to six digits.
std::string text_of(double number) {
  return fmt::format("{:.6g}", number);
}

/// A value in a sentence.
std::string in_words(const OptionValue& value) {
  const double* const number = std::get_if<double>(&value);
  return number != nullptr ? text_of(*number) : to_string(value);
}

bool has_default(const internal::Row& row, const Options& options, const OptionValue& value) {
  return row.is_off(options) || value == row.get(Options()) || value == OptionValue(0.0) ||
         value == OptionValue(std::uint64_t{0});
}

std::string words_of(const internal::Row& row, const Options& options, std::size_t samples) {
  using internal::Shown;
  if (row.shown == Shown::never || (row.problem && !row.problem(options).empty())) return {};
  if (row.words) return row.words(options, samples);
  const OptionValue value = row.get(options);
  if (row.shown == Shown::bare) return in_words(value);
  if (row.shown == Shown::when_set && has_default(row, options, value)) return {};
  std::string title(row.info.key);
  std::ranges::replace(title, '_', ' ');
  return fmt::format("{} {}", title, in_words(value));
}

}  // namespace

std::string to_string(const OptionValue& value) {
  struct Writer {
    std::string operator()(std::monostate /*nothing*/) const { return {}; }
    std::string operator()(std::uint64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const std::vector<std::uint64_t>& numbers) const {
      return numbers.empty() ? std::string("none") : fmt::format("{}", fmt::join(numbers, ","));
    }
    std::string operator()(const std::vector<double>& numbers) const { return fmt::format("{}", fmt::join(numbers, ",")); }
  };
  return std::visit(Writer(), value);
}

std::vector<std::pair<std::string, OptionValue>> internal::model_options(Options options, std::size_t samples) {
  if (options.training.batch_size.value_or(0) >= samples) options.training.batch_size.reset();
  std::vector<std::pair<std::string, OptionValue>> values;
  for (auto& [key, value] : option_values(options)) {
    const OptionInfo& info = internal::row_of(key).info;
    // A trainer does not know where its data come from.
    const bool is_known = info.group > OptionGroup::split || info.key == "normalize";
    if (is_known && info.changes_result) values.emplace_back(key, std::move(value));
  }
  std::ranges::sort(values);  // as files have them
  return values;
}

std::string describe_method(const Options& options, std::size_t samples) {
  // The loss and the optimizer lead; how inputs are made of the data comes last.
  std::vector<const internal::Row*> order;
  for (const internal::Row& row : internal::rows()) order.push_back(&row);
  std::ranges::stable_sort(order, {}, [](const internal::Row* row) {
    return row->shown == internal::Shown::bare ? 0 : row->info.group == OptionGroup::data ? 2 : 1;
  });
  std::vector<std::string> words;
  for (const internal::Row* row : order)
    if (std::string text = words_of(*row, options, samples); !text.empty()) words.push_back(std::move(text));
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace gradus
