#include "data/csv/target_columns.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "base/growth.hpp"
#include "base/wording.hpp"
#include "data/csv/dates.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {

std::string date_advice(std::string_view text) {
  return fmt::format("{} is a date or time in the target; give numbers instead, such as days since a fixed day",
                     in_quotes(trimmed(text)));
}

bool is_class_name(const CsvField& field, FieldKind kind) {
  if (kind == FieldKind::number) return true;
  if (kind == FieldKind::text) return field.text.find('\0') == std::string_view::npos;
  return field.quoted && !trimmed(field.text).empty() && kind != FieldKind::too_large;
}

void MatchingClasses::add(const CsvField& field, CsvPosition position) {
  const auto index = classes_.find(field.text);
  if (!index) {
    if (!is_class_name(field, field_kind(field.text))) errors_.fail_number(position, field.text);
    errors_.fail(position, fmt::format("{} {}", in_quotes(field.text), classes_.unknown()));
  }
  make_room(indices_, 1, errors_.source());
  indices_.push_back(*index);
}

NumberTargets::NumberTargets(const CsvErrors& errors, std::span<const std::size_t> columns, std::optional<Task> task)
    : errors_(errors), task_(task), outputs_(columns.size()) {
  std::iota(outputs_.begin(), outputs_.end(), std::size_t{0});
  std::ranges::sort(outputs_, {}, [&](std::size_t output) { return columns[output]; });
}

void NumberTargets::add(const CsvField& field, CsvPosition position) {
  float number = 0;
  if (parse_field(field.text, number) != FieldKind::number) {
    if (is_date(field.text)) errors_.fail(position, date_advice(field.text));
    errors_.fail_number(position, field.text,
                        must_be_labels()      ? "; labels are 0 or 1"
                        : outputs_.size() > 1 ? "; several targets are numbers, or labels that are 0 or 1"
                                              : "");
  }
  const bool is_label = number == 0.0F || number == 1.0F;
  if (must_be_labels() && !is_label)
    errors_.fail(position,
                 fmt::format("{} is not a label; a label is 1 where the sample has it, else 0", in_quotes(field.text)));
  if (!is_label && others_++ == 0) line_of_other_ = position.line;
  const std::size_t columns = outputs_.size();
  if (next_ == 0) {
    make_room(numbers_, columns, errors_.source());
    static_cast<void>(numbers_.extend(columns));
  }
  numbers_[numbers_.size() - columns + outputs_[next_]] = number;
  next_ = (next_ + 1) % columns;
}

void NumberTargets::finish(DatasetStorage& storage) {
  const Task task = task_.value_or(others_ == 0 ? Task::multi_label : Task::regression);
  storage.schema.task = task;
  storage.schema.targets = outputs_.size();
  if (task == Task::multi_label)
    refuse_equal_labels();
  else
    note_almost_labels(storage);
  storage.targets = std::move(numbers_);
  storage.targets.shrink();
}

void NumberTargets::refuse_equal_labels() const {
  const auto values = numbers_.span();
  const std::size_t columns = outputs_.size();
  for (std::size_t i = columns; i < values.size(); ++i)
    if (values[i] != values[i - columns]) return;
  throw DataError(fmt::format("{}: every row has the same labels: there is nothing to learn", errors_.source()));
}

/// Very few values other than 0 and 1 could be mistakes.
void NumberTargets::note_almost_labels(DatasetStorage& storage) const {
  const std::size_t values = numbers_.size();
  if (outputs_.size() < 2 || others_ == 0 || others_ * 100 > values) return;
  storage.notes.push_back(
      fmt::format("{}: all but {} of {} are 0 or 1 (first exception: line {}); they are fitted as numbers; set `task` = "
                  "multi-label for labels",
                  errors_.source(), with_separators(others_), counted(values, "target value"), line_of_other_));
}

void WeightColumn::add(const CsvField& field, CsvPosition position) {
  float weight = 0;
  if (parse_field(field.text, weight) != FieldKind::number) errors_.fail_number(position, field.text);
  if (weight < 0.0F) errors_.fail(position, fmt::format("the weight is {}, and must be at least 0", weight));
  make_room(weights_, 1, errors_.source());
  weights_.push_back(weight);
}

Array<float> WeightColumn::finish() {
  const auto all = weights_.span();
  if (std::none_of(all.begin(), all.end(), [](float weight) { return weight > 0.0F; }))
    throw DataError(fmt::format("{}: every row has the weight 0", errors_.source()));
  weights_.shrink();
  return std::move(weights_);
}

}  // namespace gradus::internal
