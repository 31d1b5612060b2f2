#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "base/memory.hpp"
#include "base/wording.hpp"
#include "data/dataset/class_names.hpp"
#include "data/dataset/storage.hpp"
#include "gradus/dataset.hpp"
#include "gradus/error.hpp"

namespace gradus {
namespace {

constexpr const char* kSource = "arrays in memory";

template <typename T>
void copy(std::span<const T> values, internal::Array<T>& array) {
  internal::require_memory(values.size_bytes(), "a copy of the arrays");
  try {
    array.resize(values.size());
  } catch (const std::bad_alloc&) {
    throw OutOfMemory(
        fmt::format("not enough memory: a copy of the arrays needs {}", internal::format_bytes(values.size_bytes())));
  }
  std::copy(values.begin(), values.end(), array.data());
}

void check_finite(std::span<const float> values, std::size_t columns, std::string_view what) {
  const auto bad = std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
  if (bad == values.end()) return;
  const auto i = static_cast<std::size_t>(bad - values.begin());
  throw DataError(
      fmt::format("sample {}, {} {} (counted from 0): {} is not a finite number", i / columns, what, i % columns, *bad));
}

/// The number of samples.
std::size_t check_sizes(std::size_t values, std::size_t features, std::size_t targets, std::size_t target_columns) {
  if (features == 0) throw UsageError("a sample needs at least one feature");
  if (target_columns == 0) throw UsageError("a sample needs at least one target");
  if (values % features != 0)
    throw UsageError(fmt::format("{} cannot be split into samples of {}", internal::counted(values, "input"),
                                 internal::counted(features, "feature")));
  const std::size_t samples = values / features;
  if (targets % target_columns != 0 || targets / target_columns != samples)
    throw UsageError(fmt::format("{} need {}, and there are {}", internal::counted(samples, "sample"),
                                 internal::counted(samples * target_columns, "target"), internal::with_separators(targets)));
  if (samples == 0) throw DataError("no samples");
  if (samples > std::numeric_limits<std::uint32_t>::max())
    throw DataError(fmt::format("{}; Gradus takes at most {}", internal::counted(samples, "sample"),
                                internal::with_separators(std::numeric_limits<std::uint32_t>::max())));
  return samples;
}

std::vector<std::string> numbered_classes(std::span<const std::int32_t> class_indices) {
  const std::int32_t last = *std::max_element(class_indices.begin(), class_indices.end());
  if (last >= static_cast<std::int32_t>(internal::kMostClasses))
    throw DataError(fmt::format("class index {}: class indices count from 0, and there are at most {} classes", last,
                                internal::with_separators(internal::kMostClasses)));
  std::vector<std::string> names;
  for (std::int32_t i = 0; i <= last; ++i) names.push_back(internal::class_name(i));
  return names;
}

void check_class_names(const std::vector<std::string>& names) {
  internal::TextMap<std::size_t> first;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const auto [same, is_new] = first.emplace(names[i], i); !is_new)
      throw UsageError(fmt::format("classes {} and {} (counted from 0) have the same name, {}", same->second, i,
                                   internal::in_quotes(names[i])));
}

void set_classes(std::span<const std::int32_t> class_indices, std::vector<std::string> names, DatasetStorage& storage) {
  const auto negative =
      std::find_if(class_indices.begin(), class_indices.end(), [](std::int32_t index) { return index < 0; });
  if (negative != class_indices.end())
    throw DataError(fmt::format("sample {} (counted from 0): class index {}; class indices count from 0",
                                negative - class_indices.begin(), *negative));
  if (names.empty()) names = numbered_classes(class_indices);
  check_class_names(names);
  const auto beyond = std::find_if(class_indices.begin(), class_indices.end(),
                                   [&](std::int32_t index) { return static_cast<std::size_t>(index) >= names.size(); });
  if (beyond != class_indices.end())
    throw DataError(fmt::format("sample {} (counted from 0): class index {}, and there are {} classes",
                                beyond - class_indices.begin(), *beyond, names.size()));
  copy(class_indices, storage.class_indices);
  storage.schema.task = Task::classification;
  storage.schema.class_names = std::move(names);
}

std::shared_ptr<DatasetStorage> with_numbers(std::span<const float> inputs, std::size_t features,
                                             std::span<const float> targets, std::size_t target_columns) {
  auto storage = std::make_shared<DatasetStorage>();
  storage->source = kSource;
  storage->samples = check_sizes(inputs.size(), features, targets.size(), target_columns);
  storage->schema.features = features;
  storage->schema.task = Task::regression;
  storage->schema.targets = target_columns;
  check_finite(inputs, features, "feature");
  check_finite(targets, target_columns, "target");
  copy(inputs, storage->floats);
  copy(targets, storage->targets);
  return storage;
}

}  // namespace

Dataset Dataset::classification(std::span<const float> inputs, std::size_t features,
                                std::span<const std::int32_t> class_indices, std::vector<std::string> class_names) {
  auto storage = std::make_shared<DatasetStorage>();
  storage->source = kSource;
  storage->samples = check_sizes(inputs.size(), features, class_indices.size(), 1);
  storage->schema.features = features;
  check_finite(inputs, features, "feature");
  set_classes(class_indices, std::move(class_names), *storage);
  copy(inputs, storage->floats);
  return Dataset(std::move(storage));
}

Dataset Dataset::classification(std::span<const std::uint8_t> inputs, std::size_t features,
                                std::span<const std::int32_t> class_indices, std::vector<std::string> class_names) {
  auto storage = std::make_shared<DatasetStorage>();
  storage->source = kSource;
  storage->samples = check_sizes(inputs.size(), features, class_indices.size(), 1);
  storage->schema.features = features;
  storage->holds_bytes = true;
  set_classes(class_indices, std::move(class_names), *storage);
  copy(inputs, storage->bytes);
  return Dataset(std::move(storage));
}

Dataset Dataset::regression(std::span<const float> inputs, std::size_t features, std::span<const float> targets,
                            std::size_t target_columns) {
  return Dataset(with_numbers(inputs, features, targets, target_columns));
}

Dataset Dataset::multi_label(std::span<const float> inputs, std::size_t features, std::span<const std::uint8_t> labels,
                             std::size_t label_count, std::vector<std::string> label_names) {
  const std::vector<float> targets(labels.begin(), labels.end());
  auto storage = with_numbers(inputs, features, targets, label_count);
  const auto wrong = std::ranges::find_if(labels, [](std::uint8_t label) { return label > 1; });
  if (wrong != labels.end())
    throw DataError(fmt::format("sample {} (counted from 0): a label is {}, and must be 0 or 1",
                                static_cast<std::size_t>(wrong - labels.begin()) / label_count, *wrong));
  if (!label_names.empty() && label_names.size() != label_count)
    throw UsageError(fmt::format("{} names for {} labels", label_names.size(), label_count));
  storage->schema.task = Task::multi_label;
  storage->schema.target_names = std::move(label_names);
  return Dataset(std::move(storage));
}

}  // namespace gradus
