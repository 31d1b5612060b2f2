#include "data/csv/matching_features.hpp"

#include <fmt/format.h>

#include "base/wording.hpp"
#include "data/csv/number.hpp"
#include "data/dataset/category_names.hpp"
#include "data/prepare/missing_values.hpp"

namespace gradus::internal {
namespace {

constexpr float kUnknownName = -1.0F;

}  // namespace

MatchingFeatures::MatchingFeatures(const CsvErrors& errors, const DataSchema& schema)
    : errors_(errors), schema_(schema), missing_(errors), known_(schema.features) {
  for (const Categories& categories : schema.categories) {
    Known& known = known_[categories.feature];
    known.categories = &categories;
    for (std::size_t i = 0; i < categories.names.size(); ++i)
      known.index.emplace(categories.names[i], static_cast<std::int32_t>(i));
  }
}

std::optional<float> MatchingFeatures::odd(std::size_t /*feature*/, const CsvField& field, CsvPosition position) {
  if (is_missing(field.text)) return missing_.take(field, position);
  errors_.fail_number(position, field.text);
}

float MatchingFeatures::name(std::size_t feature, const CsvField& field, CsvPosition position) {
  Known& known = known_[feature];
  if (is_missing_name(field)) return missing_.take(field, position);
  const std::string name = category_name(field.text);
  if (const std::size_t buckets = known.categories->buckets; buckets > 0)
    return static_cast<float>(bucket_of(name, buckets));
  if (const auto found = known.index.find(name); found != known.index.end()) return static_cast<float>(found->second);
  if (known.first_unknown.empty()) {
    known.first_unknown = name;
    known.first_unknown_position = position;
  }
  return kUnknownName;
}

void MatchingFeatures::finish(DatasetStorage& storage) const {
  const std::size_t width = schema_.features;
  storage.first_missing = missing_.first();
  find_missing(storage);
  for (std::size_t feature = 0; feature < width; ++feature) {
    const Known& known = known_[feature];
    if (known.first_unknown.empty()) continue;
    std::size_t count = 0;
    for (std::size_t row = 0; row < storage.samples; ++row)
      if (storage.floats[row * width + feature] == kUnknownName) ++count;
    storage.notes.push_back(
        fmt::format("{}: {} of {} {} unknown to the model, such as {} in line {}; all inputs of such "
                    "a name are 0",
                    errors_.source(), counted(count, "name"), errors_.column(known.first_unknown_position.column),
                    count == 1 ? "is" : "are", in_quotes(known.first_unknown), known.first_unknown_position.line));
  }
}

}  // namespace gradus::internal
