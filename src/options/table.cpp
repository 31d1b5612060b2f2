#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/suggest.hpp"
#include "base/wording.hpp"
#include "options/row.hpp"

namespace gradus {
namespace internal {
namespace {

std::vector<Row> all_rows() {
  std::vector<Row> all;
  all.push_back(
      row("recipe", "R",
          "a set of defaults for what follows; each can be given otherwise: classic (sigmoid units, squared error, plain "
          "gradient descent), tabular (for tables: a good first try), image (for images)",
          GRADUS_FIELD(recipe))
          .show(Shown::never));
  for (auto* group :
       {data_rows, split_rows, network_rows, method_rows, regularization_rows, distortion_rows, end_rows, machine_rows})
    std::ranges::move(group(), std::back_inserter(all));
  return all;
}

}  // namespace

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = all_rows();
  return kRows;
}

const Row& row_of(std::string_view key) {
  const auto found = std::ranges::find(rows(), key, [](const Row& row) { return row.info.key; });
  if (found != rows().end()) return *found;
  std::vector<std::string_view> keys;
  for (const Row& row : rows()) keys.push_back(row.info.key);
  throw UsageError(fmt::format("no option is called {}{}", in_quotes(key), did_you_mean(key, keys)));
}

}  // namespace internal

std::span<const OptionInfo> option_table() {
  static const std::vector<OptionInfo> kTable = [] {
    std::vector<OptionInfo> table;
    for (const internal::Row& row : internal::rows()) table.push_back(row.info);
    return table;
  }();
  return kTable;
}

void set_option(Options& options, std::string_view key, std::string_view text) {
  internal::row_of(key).set(options, text);
}

OptionValue get_option(const Options& options, std::string_view key) {
  return internal::row_of(key).get(options);
}

std::vector<std::pair<std::string_view, OptionValue>> option_values(const Options& options) {
  std::vector<std::pair<std::string_view, OptionValue>> values;
  for (const internal::Row& row : internal::rows()) {
    // What is off stays off beside anything.
    if (row.problem && !row.is_off(options) && !row.problem(options).empty()) continue;
    if (OptionValue value = row.get(options); value.index() != 0) values.emplace_back(row.info.key, std::move(value));
  }
  return values;
}

}  // namespace gradus
