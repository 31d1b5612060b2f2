#include "data/prepare/preprocessing.hpp"

#include <algorithm>
#include <cstddef>

#include "data/prepare/learn_inputs.hpp"
#include "data/prepare/scaling.hpp"
#include "formulas/column_statistics.hpp"

namespace gradus::internal {
namespace {

void set_scaling(const std::vector<ColumnStatistics>& columns, std::size_t samples, Normalization normalization,
                 std::vector<float>& shift, std::vector<float>& scale) {
  for (const ColumnStatistics& column : columns) {
    const Scaling scaling = scaling_of(column, samples, normalization);
    shift.push_back(scaling.shift);
    scale.push_back(scaling.scale);
  }
}

/// Statistics of `columns` columns; `read(sample, values)` gives a sample's values.
template <typename Read>
std::vector<ColumnStatistics> measure(std::size_t samples, std::size_t columns, Read read) {
  std::vector<ColumnStatistics> statistics(columns);
  std::vector<float> values(columns);
  for (std::size_t sample = 0; sample < samples; ++sample) {
    read(sample, values);
    for (std::size_t j = 0; j < columns; ++j) {
      if (sample == 0) statistics[j].first = static_cast<double>(values[j]);
      statistics[j].add(static_cast<double>(values[j]));
    }
  }
  return statistics;
}

/// All columns get the range of all.
void join_ranges(std::vector<ColumnStatistics>& columns) {
  ColumnStatistics all;
  for (const ColumnStatistics& column : columns) {
    all.least = std::min(all.least, column.least);
    all.greatest = std::max(all.greatest, column.greatest);
  }
  std::ranges::fill(columns, all);
}

/// Statistics of features that are inputs as they are.
std::vector<ColumnStatistics> measure_inputs(const Dataset& train, const MeasureInputs& elsewhere) {
  if (elsewhere)
    if (auto inputs = elsewhere()) return *std::move(inputs);
  return measure(train.samples(), train.features(),
                 [&](std::size_t sample, std::span<float> values) { train.copy_inputs(sample, values); });
}

void learn_targets(const Dataset& train, Normalization normalization, Preprocessing& preprocessing) {
  const std::size_t targets = train.schema().targets;
  if (normalization == Normalization::none || train.task() == Task::multi_label) {
    preprocessing.target_shift.assign(targets, 0.0F);
    preprocessing.target_scale.assign(targets, 1.0F);
    return;
  }
  const auto statistics = measure(train.samples(), targets, [&](std::size_t sample, std::span<float> values) {
    for (std::size_t j = 0; j < targets; ++j) values[j] = train.target(sample, j);
  });
  set_scaling(statistics, train.samples(), Normalization::standard, preprocessing.target_shift, preprocessing.target_scale);
}

}  // namespace

Preprocessing learn_preprocessing(const Dataset& train, Normalization normalization, const MeasureInputs& elsewhere,
                                  InputPlaces places) {
  Preprocessing preprocessing;
  const bool alike = normalization == Normalization::automatic && places == InputPlaces::exchanged;
  preprocessing.normalization = alike                                       ? Normalization::minmax
                                : normalization == Normalization::automatic ? Normalization::standard
                                                                            : normalization;
  const std::size_t features = train.features();
  const DataSchema& schema = train.schema();
  if (normalization == Normalization::automatic && train.holds_bytes()) {
    preprocessing.normalization = Normalization::minmax;
    preprocessing.input_shift.assign(features, 0.0F);
    preprocessing.input_scale.assign(features, 1.0F / 255.0F);
  } else if (needs_values(normalization) || !schema.categories.empty() || schema.missing != Missing::error) {
    learn_inputs(train, preprocessing);
  } else if (normalization == Normalization::none) {
    preprocessing.input_shift.assign(features, 0.0F);
    preprocessing.input_scale.assign(features, 1.0F);
  } else {
    std::vector<ColumnStatistics> inputs = measure_inputs(train, elsewhere);
    if (alike) join_ranges(inputs);
    set_scaling(inputs, train.samples(), preprocessing.normalization, preprocessing.input_shift, preprocessing.input_scale);
  }
  if (train.task() != Task::classification) learn_targets(train, normalization, preprocessing);
  return preprocessing;
}

}  // namespace gradus::internal
