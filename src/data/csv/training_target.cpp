#include "data/csv/training_target.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/growth.hpp"
#include "base/wording.hpp"
#include "data/csv/dates.hpp"
#include "data/csv/number.hpp"
#include "data/csv/target_columns.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {

void TrainingTarget::add(const CsvField& field, CsvPosition position) {
  if (!counting_) return add_number(field, position);
  const auto found = index_.find(field.text);
  std::int32_t code = 0;
  // "NA" in quotes may have been a name; without them it is a missing value all the same.
  if (found == index_.end() || (values_[static_cast<std::size_t>(found->second)].was_quoted && !field.quoted))
    code = add_value(field, position);
  else
    code = found->second;
  make_room(codes_, 1, errors_.source());
  codes_.push_back(code);
  if (values_.size() > kMostClasses) stop_counting(position);
}

std::int32_t TrainingTarget::add_value(const CsvField& field, CsvPosition position) {
  Value value;
  const FieldKind kind = parse_field(field.text, value.rounded);
  if (!is_class_name(field, kind)) errors_.fail_number(position, field.text);
  if (kind != FieldKind::number) check_text(field, position);
  if (const auto found = index_.find(field.text); found != index_.end()) {
    values_[static_cast<std::size_t>(found->second)].was_quoted = false;
    return found->second;
  }
  value.text = field.text;
  value.is_number = kind == FieldKind::number;
  value.was_quoted = field.quoted;
  value.line = position.line;
  if (value.is_number) static_cast<void>(parse_field(field.text, value.number));
  if (!value.is_number) ++texts_;
  const auto code = static_cast<std::int32_t>(values_.size());
  index_.emplace(value.text, code);
  values_.push_back(std::move(value));
  return code;
}

/// Some texts show at once that they are not classes.
void TrainingTarget::check_text(const CsvField& field, CsvPosition position) const {
  if (task_ == Task::classification) return;
  if (has_decimal_comma(trimmed(field.text))) errors_.fail_number(position, field.text);
  if (task_ == Task::regression && is_date(field.text)) errors_.fail(position, date_advice(field.text));
  if (task_ == Task::regression)
    errors_.fail(position, fmt::format("{} is text, and a regression needs numbers", in_quotes(field.text)));
}

void TrainingTarget::add_number(const CsvField& field, CsvPosition position) {
  float number = 0;
  if (parse_field(field.text, number) != FieldKind::number) errors_.fail_number(position, field.text);
  make_room(numbers_, 1, errors_.source());
  numbers_.push_back(number);
}

/// There are more distinct values than classes may be: they can only be numbers to fit.
void TrainingTarget::stop_counting(CsvPosition position) {
  if (task_ == Task::classification || texts_ > 0)
    errors_.fail(position, fmt::format("the target has more than {} distinct values, too many for classes{}",
                                       with_separators(kMostClasses), texts_ > 0 ? ", and not all are numbers" : ""));
  numbers_ = numbers_of_codes();
  counting_ = false;
  codes_ = {};
  index_ = {};
  values_ = {};
}

Array<float> TrainingTarget::numbers_of_codes() const {
  Array<float> numbers;
  make_room(numbers, codes_.size(), errors_.source());
  for (const std::int32_t code : codes_.span()) numbers.push_back(values_[static_cast<std::size_t>(code)].rounded);
  return numbers;
}

std::vector<double> TrainingTarget::distinct_numbers() const {
  std::vector<double> distinct;
  for (const Value& value : values_)
    if (value.is_number) distinct.push_back(value.number);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  return distinct;
}

void TrainingTarget::finish(DatasetStorage& storage) {
  const std::vector<double> distinct = distinct_numbers();
  if (texts_ > 0) check_texts(distinct);
  if (!counting_ || (texts_ == 0 && !are_classes(distinct, task_))) {
    storage.schema.task = Task::regression;
    storage.targets = counting_ ? numbers_of_codes() : std::move(numbers_);
    storage.targets.shrink();
    return;
  }
  storage.schema.task = Task::classification;
  if (texts_ == 0) refuse_unsure_classes();
  const std::vector<std::int32_t> classes = texts_ > 0 ? text_classes(storage) : number_classes(distinct, storage);
  if (storage.schema.class_names.size() < 2)
    throw DataError(fmt::format("{}: every row has the same class, {}, in {}: there is nothing to learn", errors_.source(),
                                in_quotes(values_.front().text), errors_.column(column_)));
  for (std::int32_t& code : codes_.span()) code = classes[static_cast<std::size_t>(code)];
  storage.class_indices = std::move(codes_);
  storage.class_indices.shrink();
}

/// A text among numbers that are not classes is more likely a mistake than one class of many, and so are dates.
void TrainingTarget::check_texts(const std::vector<double>& distinct) const {
  if (task_ == Task::classification) return;
  refuse_dates();
  const auto first = std::find_if(values_.begin(), values_.end(), [](const Value& value) { return !value.is_number; });
  const CsvPosition position{first->line, column_};
  if (!distinct.empty() && !are_classes(distinct, std::nullopt))
    errors_.fail(position,
                 fmt::format("{} is text in a target of numbers; set `task` = classification if every value is the "
                             "name of a class",
                             in_quotes(first->text)));
}

/// Each would be a class of its own, of which later data have others.
void TrainingTarget::refuse_dates() const {
  const auto is_of_dates = [](const Value& value) { return !value.is_number && is_date(value.text); };
  const auto dates = static_cast<std::size_t>(std::ranges::count_if(values_, is_of_dates));
  if (2 * dates <= values_.size()) return;
  const Value& first = *std::ranges::find_if(values_, is_of_dates);
  errors_.fail({first.line, column_},
               date_advice(first.text) + "; or set `task` = classification if each is the name of a class");
}

void TrainingTarget::refuse_unsure_classes() const {
  for (const Value& value : values_)
    if (std::abs(value.number) >= kFirstUnsureNumber)
      errors_.fail(
          {value.line, column_},
          fmt::format("{}: whole numbers beyond 2^53 are not exact and cannot be classes; give them as text, such as "
                      "{}, or set `task` = regression",
                      in_quotes(value.text), in_quotes("id" + value.text)));
}

/// Names the classes, bytewise in order; returns the class of each value.
std::vector<std::int32_t> TrainingTarget::text_classes(DatasetStorage& storage) const {
  auto& names = storage.schema.class_names;
  for (const Value& value : values_) names.push_back(value.text);
  std::sort(names.begin(), names.end());
  std::vector<std::int32_t> classes;
  for (const Value& value : values_)
    classes.push_back(static_cast<std::int32_t>(std::lower_bound(names.begin(), names.end(), value.text) - names.begin()));
  return classes;
}

/// The same in the order of the numbers, of which each may be written in several ways.
std::vector<std::int32_t> TrainingTarget::number_classes(const std::vector<double>& distinct,
                                                         DatasetStorage& storage) const {
  for (const double number : distinct) storage.schema.class_names.push_back(class_name(number));
  std::vector<std::int32_t> classes;
  for (const Value& value : values_)
    classes.push_back(
        static_cast<std::int32_t>(std::lower_bound(distinct.begin(), distinct.end(), value.number) - distinct.begin()));
  return classes;
}

}  // namespace gradus::internal
