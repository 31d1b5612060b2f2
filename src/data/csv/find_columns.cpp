#include "data/csv/find_columns.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/suggest.hpp"
#include "base/wording.hpp"
#include "data/csv/number.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {

std::optional<std::size_t> column_named(const CsvReader& reader, std::string_view name) {
  const auto& names = reader.names();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - names.begin()));
}

std::size_t find_column(const CsvReader& reader, const std::string& wanted, std::string_view role) {
  if (const auto column = column_named(reader, wanted)) return *column;
  std::size_t number = 0;
  const char* end = wanted.data() + wanted.size();
  const auto [after, error] = std::from_chars(wanted.data(), end, number);
  const bool is_number = after == end && error != std::errc::invalid_argument;
  if (is_number && error == std::errc() && number >= 1 && number <= reader.columns()) return number - 1;
  const std::string& source = reader.errors().source();
  if (is_number)
    throw UsageError(
        fmt::format("{} cannot be column {} of {}: its columns are 1 to {}", role, wanted, source, reader.columns()));
  if (reader.names().empty())
    throw UsageError(fmt::format("{} cannot be {}: {} has no header; give a number from 1 to {}", role, in_quotes(wanted),
                                 source, reader.columns()));
  const std::vector<std::string_view> candidates(reader.names().begin(), reader.names().end());
  throw UsageError(fmt::format("{} cannot be {}: {} has no such column{}; it has {}", role, in_quotes(wanted), source,
                               did_you_mean(wanted, candidates), listed(reader.names(), 20)));
}

std::vector<std::size_t> find_targets(const CsvReader& reader, const std::string& wanted) {
  if (wanted.find(',') == std::string::npos || column_named(reader, wanted))
    return {find_column(reader, wanted, kTheTarget)};
  std::vector<std::size_t> targets;
  for (std::string_view rest = wanted;;) {
    const std::size_t comma = rest.find(',');
    targets.push_back(find_column(reader, std::string(trimmed(rest.substr(0, comma))), kTheTarget));
    if (is_among(std::span(targets).first(targets.size() - 1), targets.back()))
      throw UsageError(fmt::format("{} of {} is given twice as a target", reader.errors().column(targets.back()),
                                   reader.errors().source()));
    if (comma == std::string_view::npos) return targets;
    rest.remove_prefix(comma + 1);
  }
}

bool is_among(std::span<const std::size_t> columns, std::size_t column) {
  return std::ranges::find(columns, column) != columns.end();
}

std::string single_column_hint(const CsvReader& reader, const DataOptions& options) {
  if (reader.columns() > 1) return "";
  std::string hint =
      " (Gradus detects comma, tab, semicolon and | as delimiters; set another one, such as a space, with `delimiter`)";
  if (options.delimiter)
    hint = fmt::format(" (with the given delimiter, {})", *options.delimiter == '\t'  ? "a tab"
                                                          : *options.delimiter == ' ' ? "a space"
                                                                                      : in_quotes({&*options.delimiter, 1}));
  return hint.append(reader.errors().comment_hint());
}

}  // namespace gradus::internal
