#include "data/arrays/arrays.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/growth.hpp"
#include "base/wording.hpp"
#include "data/dataset/class_names.hpp"
#include "data/prepare/missing_values.hpp"
#include "gradus/error.hpp"

namespace gradus::internal {
namespace {

/// The distinct values in order; no more than `most` + 1 are looked for.
std::vector<double> distinct_values(std::span<const double> values, std::size_t most) {
  std::unordered_set<double> seen;
  for (const double value : values) {
    seen.insert(value);
    if (seen.size() > most) break;
  }
  std::vector<double> distinct(seen.begin(), seen.end());
  std::sort(distinct.begin(), distinct.end());
  return distinct;
}

void move_inputs(ArrayInputs& inputs, DatasetStorage& storage) {
  if (inputs.samples > std::numeric_limits<std::uint32_t>::max())
    throw DataError(fmt::format("{}: {} samples; Gradus takes at most {}", inputs.source, with_separators(inputs.samples),
                                with_separators(std::numeric_limits<std::uint32_t>::max())));
  storage.samples = inputs.samples;
  storage.image_size = inputs.image_size;
  storage.holds_bytes = inputs.holds_bytes;
  storage.bytes = std::move(inputs.bytes);
  storage.floats = std::move(inputs.floats);
  storage.first_missing = std::move(inputs.first_missing);
}

void check_counts(const ArrayInputs& inputs, const ArrayTargets& targets) {
  if (inputs.samples != targets.samples)
    throw DataError(fmt::format("{} has {} and {} has {}: there must be one target for each", inputs.source,
                                counted(inputs.samples, "sample"), targets.source, counted(targets.samples, "target")));
}

void set_numbers(const ArrayTargets& targets, DatasetStorage& storage) {
  make_room(storage.targets, targets.values.size(), targets.source);
  for (const double value : targets.values.span()) {
    const auto number = static_cast<float>(value);
    if (!std::isfinite(number))
      throw DataError(fmt::format("{}: row {}: {} is too large for a 32-bit float", targets.source,
                                  storage.targets.size() / targets.columns + 1, value));
    storage.targets.push_back(number);
  }
}

void refuse_unsure_classes(const ArrayTargets& targets) {
  const auto values = targets.values.span();
  const auto is_unsure = [](double value) { return std::abs(value) >= kFirstUnsureNumber; };
  const auto first = std::find_if(values.begin(), values.end(), is_unsure);
  if (first != values.end())
    throw DataError(
        fmt::format("{}: row {}: about {}: whole numbers beyond 2^53 are not exact and cannot be classes; number the "
                    "classes from 0, or set `task` = regression",
                    targets.source, first - values.begin() + 1, class_name(*first)));
}

/// Classes by value. IDX labels count from 0, so that a class without a sample still has its place.
void set_classes(const ArrayTargets& targets, std::vector<double> distinct, DatasetStorage& storage) {
  refuse_unsure_classes(targets);
  if (distinct.size() < 2)
    throw DataError(
        fmt::format("{}: every label is {}: there is nothing to learn", targets.source, class_name(distinct.front())));
  if (distinct.size() > kMostClasses)
    throw DataError(fmt::format("{}: more than {} distinct values, too many for classes", targets.source,
                                with_separators(kMostClasses)));
  if (targets.class_numbers) {
    const double last = distinct.back();
    distinct.clear();
    for (double label = 0; label <= last; ++label) distinct.push_back(label);
  }
  for (const double value : distinct) storage.schema.class_names.push_back(class_name(value));
  make_room(storage.class_indices, targets.values.size(), targets.source);
  for (const double value : targets.values.span()) {
    const auto place = std::lower_bound(distinct.begin(), distinct.end(), value);
    storage.class_indices.push_back(static_cast<std::int32_t>(place - distinct.begin()));
  }
}

/// The first value that is neither 0 nor 1; the number of values when there is none.
std::size_t first_other_than_label(const ArrayTargets& targets) {
  const auto values = targets.values.span();
  const auto first = std::ranges::find_if(values, [](double value) { return value != 0.0 && value != 1.0; });
  return static_cast<std::size_t>(first - values.begin());
}

void refuse_equal_labels(const ArrayTargets& targets) {
  const auto values = targets.values.span();
  for (std::size_t i = targets.columns; i < values.size(); ++i)
    if (values[i] != values[i - targets.columns]) return;
  throw DataError(fmt::format("{}: every row has the same labels: there is nothing to learn", targets.source));
}

void require_labels(const ArrayTargets& targets) {
  const std::size_t first = first_other_than_label(targets);
  if (first < targets.values.size())
    throw DataError(fmt::format(
        "{}: row {}, column {} (counted from 1): {} is not a label; a label is 1 where the sample has it, else 0",
        targets.source, first / targets.columns + 1, first % targets.columns + 1, targets.values[first]));
}

void match_classes(const ArrayTargets& targets, DatasetStorage& storage) {
  if (targets.columns != 1)
    throw DataError(
        fmt::format("{}: {} per sample, and the model needs one class", targets.source, counted(targets.columns, "target")));
  const ClassIndex classes(storage.schema.class_names);
  make_room(storage.class_indices, targets.values.size(), targets.source);
  double last = 0;
  std::optional<std::int32_t> index = classes.find(last);
  for (const double value : targets.values.span()) {
    if (value != last) index = classes.find(value);
    last = value;
    if (!index)
      throw DataError(fmt::format("{}: row {}: '{}' {}", targets.source, storage.class_indices.size() + 1, class_name(value),
                                  classes.unknown()));
    storage.class_indices.push_back(*index);
  }
}

}  // namespace

std::shared_ptr<const DatasetStorage> training_storage(ArrayInputs inputs, ArrayTargets targets, std::string source,
                                                       std::optional<Task> task) {
  check_counts(inputs, targets);
  auto storage = std::make_shared<DatasetStorage>();
  storage->source = std::move(source);
  storage->schema.features = inputs.features;
  move_inputs(inputs, *storage);
  note_missing(*storage, [](std::size_t feature) { return fmt::format("column {}", feature + 1); });
  if (targets.columns > 1 && task == Task::classification)
    throw DataError(
        fmt::format("{}: {} per sample; classification needs one", targets.source, counted(targets.columns, "target")));
  if (task == Task::multi_label) require_labels(targets);
  if (targets.columns == 1 && task != Task::multi_label) {
    const std::size_t most = targets.class_numbers || task ? kMostClasses : kMostNumericClasses;
    std::vector<double> distinct = distinct_values(targets.values.span(), most);
    if ((targets.class_numbers && !task) || are_classes(distinct, task)) {
      storage->schema.task = Task::classification;
      set_classes(targets, std::move(distinct), *storage);
      return storage;
    }
  }
  const bool are_labels = first_other_than_label(targets) == targets.values.size();
  storage->schema.task = task.value_or(targets.columns > 1 && are_labels ? Task::multi_label : Task::regression);
  storage->schema.targets = targets.columns;
  if (storage->schema.task == Task::multi_label) refuse_equal_labels(targets);
  set_numbers(targets, *storage);
  return storage;
}

std::shared_ptr<DatasetStorage> matching_storage(ArrayInputs inputs, std::optional<ArrayTargets> targets, std::string source,
                                                 const DataSchema& schema) {
  if (inputs.features != schema.features)
    throw DataError(fmt::format("{}: {} per sample, and the model needs {}", inputs.source,
                                counted(inputs.features, "feature"), with_separators(schema.features)));
  if (!schema.categories.empty())
    throw DataError(fmt::format("{}: the model has features that are names, which an array does not hold; give it a table",
                                inputs.source));
  auto storage = std::make_shared<DatasetStorage>();
  storage->source = std::move(source);
  storage->schema = schema;
  storage->has_targets = targets.has_value();
  if (targets) check_counts(inputs, *targets);
  move_inputs(inputs, *storage);
  find_missing(*storage);
  if (!targets) return storage;
  if (schema.task == Task::classification) {
    match_classes(*targets, *storage);
  } else {
    if (targets->columns != schema.targets)
      throw DataError(fmt::format("{}: {} per sample, and the model has {}", targets->source,
                                  counted(targets->columns, "target"), with_separators(schema.targets)));
    if (schema.task == Task::multi_label) require_labels(*targets);
    set_numbers(*targets, *storage);
  }
  return storage;
}

std::size_t checked_bytes(std::span<const std::uint64_t> sizes, std::size_t element_size, std::string_view source) {
  // A size of 0 makes the product 0 whatever the others are.
  if (std::find(sizes.begin(), sizes.end(), 0U) != sizes.end()) return 0;
  std::size_t product = element_size;
  for (const std::uint64_t size : sizes) {
    if (size > std::numeric_limits<std::size_t>::max() / 4 / product)
      throw DataError(
          fmt::format("{}: the header declares {} elements, more than any memory holds", source, shape_text(sizes)));
    product *= static_cast<std::size_t>(size);
  }
  return product;
}

void refuse_empty(std::span<const std::uint64_t> sizes, std::string_view noun, std::string_view source) {
  if (sizes.front() == 0) throw DataError(fmt::format("{}: no samples: the header says {}", source, shape_text(sizes)));
  if (std::find(sizes.begin(), sizes.end(), 0U) != sizes.end())
    throw DataError(fmt::format("{}: samples without {}: the header says {}", source, noun, shape_text(sizes)));
}

std::optional<ImageSize> image_size(std::span<const std::uint64_t> sizes) {
  if (sizes.size() != 3 && sizes.size() != 4) return std::nullopt;
  return ImageSize{static_cast<std::size_t>(sizes[1]), static_cast<std::size_t>(sizes[2])};
}

std::string shape_text(std::span<const std::uint64_t> sizes) {
  std::string text;
  for (const std::uint64_t size : sizes)
    text += (text.empty() ? "" : " × ") + with_separators(static_cast<std::size_t>(size));
  return text.empty() ? "a single number" : text;
}

void read_announced(ByteSource& source, std::size_t size, std::string_view announced,
                    const std::function<void(std::span<const std::uint8_t>)>& take) {
  constexpr std::size_t kChunk = std::size_t{1} << 20;
  std::vector<std::uint8_t> chunk(std::min(size, kChunk));
  for (std::size_t done = 0; done < size; done += chunk.size()) {
    chunk.resize(std::min(size - done, kChunk));
    const std::size_t got = source.read({reinterpret_cast<char*>(chunk.data()), chunk.size()});
    if (got < chunk.size())
      throw DataError(fmt::format("{}: truncated: the header declares {} ({}), and only {} follow", source.name(), announced,
                                  counted(size, "byte"), with_separators(done + got)));
    take(chunk);
  }
  std::array<char, 1> extra{};
  if (source.read(extra) != 0)
    throw DataError(
        fmt::format("{}: the header declares {} ({}), and more follow", source.name(), announced, counted(size, "byte")));
}

}  // namespace gradus::internal
