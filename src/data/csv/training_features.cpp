#include "data/csv/training_features.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "base/wording.hpp"
#include "data/csv/dates.hpp"
#include "data/csv/number.hpp"
#include "data/dataset/category_names.hpp"
#include "data/prepare/missing_values.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {

TrainingFeatures::TrainingFeatures(const CsvErrors& errors, std::vector<std::size_t> columns, std::size_t most_categories,
                                   Array<float>& floats)
    : errors_(errors),
      columns_(std::move(columns)),
      missing_(errors),
      most_categories_(most_categories),
      floats_(floats),
      named_(columns_.size()) {}

std::optional<float> TrainingFeatures::odd(std::size_t feature, const CsvField& field, CsvPosition position) {
  // In quotes a word such as NA may be a name; a number before it, or behind it, says that it is not.
  if (field.quoted && !is_missing_name(field) && is_missing(field.text) && !has_number(feature)) return std::nullopt;
  if (is_missing(field.text)) return missing_.take(field, position);
  const bool is_text = field_kind(field.text) == FieldKind::text && !has_decimal_comma(trimmed(field.text));
  if (is_text && !has_number(feature)) return std::nullopt;
  errors_.fail_number(
      position, field.text,
      fmt::format("; if its values are names, set `categorical` = {}", errors_.option_value(columns_[feature])));
}

/// Whether any complete row has a number there.
bool TrainingFeatures::has_number(std::size_t feature) const {
  const std::size_t rows = floats_.size() / width() - 1;
  for (std::size_t row = 0; row < rows; ++row)
    if (!std::isnan(floats_[row * width() + feature])) return true;
  return false;
}

float TrainingFeatures::name(std::size_t feature, const CsvField& field, CsvPosition position) {
  Names& named = named_[feature];
  if (const auto found = named.index.find(field.text);
      found != named.index.end() && (field.quoted || !is_missing(field.text)))
    return static_cast<float>(found->second);
  return add_name(feature, field, position);
}

float TrainingFeatures::add_name(std::size_t feature, const CsvField& field, CsvPosition position) {
  Names& named = named_[feature];
  if (is_missing_name(field)) return missing_.take(field, position);
  check_name(named, field, position);
  std::string name = category_name(field.text);
  if (named.hashed) return static_cast<float>(bucket_of(name, most_categories_));
  if (const auto found = named.index.find(name); found != named.index.end()) return static_cast<float>(found->second);
  if (field_kind(field.text) == FieldKind::number) {
    ++named.numbers;
  } else if (named.first_text.empty()) {
    named.first_text = name;
    named.first_text_position = position;
  }
  if (named.names.size() == most_categories_) {
    begin_hashing(feature);
    return static_cast<float>(bucket_of(name, most_categories_));
  }
  const auto number = static_cast<std::int32_t>(named.names.size());
  named.index.emplace(name, number);
  named.names.push_back(std::move(name));
  return static_cast<float>(number);
}

void TrainingFeatures::check_name(const Names& named, const CsvField& field, CsvPosition position) const {
  if (field.text.find('\0') != std::string_view::npos) errors_.fail_number(position, field.text);
  if (!named.was_asked_for && is_date(field.text))
    errors_.fail(position,
                 fmt::format("{0} is a date or time; give numbers instead, such as the year, the month, the "
                             "weekday or days since a fixed day; or ignore the column (`ignore` = {1}), or treat its "
                             "values as names (`categorical` = {1})",
                             in_quotes(trimmed(field.text)), errors_.option_value(position.column)));
}

/// A text that stands before numbers is a mistake, such as a line of units.
void TrainingFeatures::refuse_numbers(const Names& named) const {
  if (named.was_asked_for || 2 * named.numbers < named.names.size()) return;
  errors_.fail(named.first_text_position,
               fmt::format("{} is text in a column of numbers; if its values are names, set `categorical` = {}{}",
                           in_quotes(named.first_text), errors_.option_value(named.first_text_position.column),
                           errors_.comment_hint()));
}

template <typename Function>
void TrainingFeatures::for_each_value(std::size_t feature, std::size_t rows, Function function) {
  for (std::size_t row = 0; row < rows; ++row)
    if (float& value = floats_[row * width() + feature]; !std::isnan(value)) function(value);
}

/// There are more names than inputs: those of the rows before become their buckets.
void TrainingFeatures::begin_hashing(std::size_t feature) {
  Names& named = named_[feature];
  refuse_numbers(named);
  std::vector<float> buckets;
  for (const std::string& name : named.names) buckets.push_back(static_cast<float>(bucket_of(name, most_categories_)));
  for_each_value(feature, floats_.size() / width() - 1,
                 [&](float& value) { value = buckets[static_cast<std::size_t>(value)]; });
  named.index = {};
  named.names = {};
  named.hashed = true;
}

Categories TrainingFeatures::in_order(std::size_t feature) {
  Names& named = named_[feature];
  if (named.hashed) return {feature, {}, most_categories_};
  refuse_numbers(named);
  std::vector<std::size_t> order(named.names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return named.names[a] < named.names[b]; });
  Categories categories{feature, {}, 0};
  std::vector<float> places(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    places[order[i]] = static_cast<float>(i);
    categories.names.push_back(std::move(named.names[order[i]]));
  }
  for_each_value(feature, floats_.size() / width(), [&](float& value) { value = places[static_cast<std::size_t>(value)]; });
  return categories;
}

void TrainingFeatures::finish(DatasetStorage& storage) {
  DataSchema& schema = storage.schema;
  for (std::size_t feature = 0; feature < width(); ++feature)
    if (const Names& named = named_[feature]; !named.names.empty() || named.hashed)
      schema.categories.push_back(in_order(feature));
    else if (named.was_asked_for)
      throw DataError(fmt::format("{}: {} has no values; leave it out (`ignore` = {})", errors_.source(),
                                  errors_.column(columns_[feature]), errors_.option_value(columns_[feature])));
  note_hashed(storage);
  storage.first_missing = missing_.first();
  note_missing(storage, [&](std::size_t feature) { return errors_.column(columns_[feature]); });
}

void TrainingFeatures::note_hashed(DatasetStorage& storage) const {
  for (const Categories& categories : storage.schema.categories)
    if (categories.buckets > 0)
      storage.notes.push_back(fmt::format(
          "{}: {} has more than {}; they are hashed into this many inputs, so some share one (`ignore` = {} leaves the "
          "column out, `most_categories` = N allows more)",
          errors_.source(), errors_.column(columns_[categories.feature]), counted(categories.buckets, "name"),
          errors_.option_value(columns_[categories.feature])));
}

}  // namespace gradus::internal
