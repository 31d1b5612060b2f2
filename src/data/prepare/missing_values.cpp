#include "data/prepare/missing_values.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/wording.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {

namespace {

/// Missing values of each feature.
std::vector<std::size_t> count_missing(const DatasetStorage& storage) {
  const std::size_t width = storage.schema.features;
  std::vector<std::size_t> counts(width);
  for (std::size_t row = 0; row < storage.samples; ++row)
    for (std::size_t feature = 0; feature < width; ++feature)
      if (std::isnan(storage.floats[row * width + feature])) ++counts[feature];
  return counts;
}

void keep_features(const std::vector<std::size_t>& counts, DatasetStorage& storage) {
  for (std::size_t feature = 0; feature < counts.size(); ++feature)
    if (counts[feature] > 0) storage.features_with_missing.push_back(feature);
}

}  // namespace

void find_missing(DatasetStorage& storage) {
  if (!storage.first_missing.empty()) keep_features(count_missing(storage), storage);
}

void note_missing(DatasetStorage& storage, const std::function<std::string(std::size_t)>& column_of) {
  if (storage.first_missing.empty()) return;
  const std::vector<std::size_t> counts = count_missing(storage);
  keep_features(counts, storage);
  std::vector<std::string> shown;
  for (const std::size_t feature : storage.features_with_missing)
    shown.push_back(fmt::format("{} in {}", counts[feature] == storage.samples ? "all" : with_separators(counts[feature]),
                                column_of(feature)));
  constexpr std::size_t kMostShown = 10;
  std::string text = fmt::format(
      "{}: missing values: {}", storage.source,
      fmt::join(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(std::min(kMostShown, shown.size())), ", "));
  if (shown.size() > kMostShown) text += fmt::format(" and in {}", counted(shown.size() - kMostShown, "more column"));
  storage.notes.push_back(text);
}

void refuse_missing(const Dataset& data, const DataSchema& schema) {
  if (schema.missing != Missing::error) return;
  if (const auto first = data.first_missing())
    throw DataError(fmt::format("{}; the model was trained without missing values", *first));
}

}  // namespace gradus::internal

namespace gradus {

Dataset Dataset::with_missing(Missing policy) const {
  if (holds_bytes()) return *this;  // bytes lack nothing
  if (policy == Missing::error && first_missing())
    throw DataError(fmt::format("{}; choose what replaces missing values, such as `missing` = median, or remove such rows",
                                *first_missing()));
  if (schema().missing == policy) return *this;
  auto schema = std::make_shared<DataSchema>(this->schema());
  schema->missing = policy;
  schema->indicators.clear();
  if (policy == Missing::indicator) schema->indicators = storage_->features_with_missing;
  Dataset data = *this;
  data.schema_ = std::move(schema);
  return data;
}

}  // namespace gradus
