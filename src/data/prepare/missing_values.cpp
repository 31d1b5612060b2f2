#include "data/prepare/missing_values.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/wording.hpp"

namespace gradus::internal {

bool has_missing(std::span<const float> values) {
  return std::ranges::any_of(values, [](float value) { return std::isnan(value); });
}

void find_missing(DatasetStorage& storage, const std::function<std::string(std::size_t)>& column_of) {
  const std::size_t width = storage.schema.features;
  std::vector<std::size_t> counts(width);
  for (std::size_t row = 0; row < storage.samples; ++row)
    for (std::size_t feature = 0; feature < width; ++feature)
      if (std::isnan(storage.floats[row * width + feature])) ++counts[feature];
  std::vector<std::string> shown;
  for (std::size_t feature = 0; feature < width; ++feature) {
    if (counts[feature] == 0) continue;
    if (storage.schema.missing == Missing::indicator) storage.schema.indicators.push_back(feature);
    shown.push_back(
        fmt::format("{} in {}", counts[feature] == storage.samples ? "all" : grouped(counts[feature]), column_of(feature)));
  }
  storage.has_missing = !shown.empty();
  constexpr std::size_t kMostShown = 10;
  if (shown.empty()) return;
  std::string text = fmt::format(
      "{}: missing values: {}", storage.source,
      fmt::join(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(std::min(kMostShown, shown.size())), ", "));
  if (shown.size() > kMostShown) text += fmt::format(" and in {}", counted(shown.size() - kMostShown, "more column"));
  storage.notes.push_back(text);
}

}  // namespace gradus::internal
