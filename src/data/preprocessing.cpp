#include "data/preprocessing.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "data/dataset_storage.hpp"
#include "support/column_statistics.hpp"

namespace gradus::internal {
namespace {

struct Scaling {
  std::vector<float> shift;
  std::vector<float> scale;
};

/// 1/width as a float; 0 for a constant column, and where the inverse is no finite float.
float inverse(double width) {
  const auto scale = static_cast<float>(1.0 / width);
  return width > 0.0 && std::isfinite(scale) ? scale : 0.0F;
}

Scaling scaling_of(const std::vector<ColumnStatistics>& columns, std::size_t samples, Normalization normalization) {
  Scaling scaling;
  for (const ColumnStatistics& column : columns) {
    const auto count = static_cast<double>(samples);
    if (normalization == Normalization::minmax) {
      scaling.shift.push_back(static_cast<float>(column.least));
      scaling.scale.push_back(inverse(column.greatest - column.least));
    } else {
      const double mean = column.sum / count;
      const double variance = std::max(0.0, column.squares / count - mean * mean);
      scaling.shift.push_back(static_cast<float>(column.first + mean));
      scaling.scale.push_back(inverse(std::sqrt(variance)));
    }
  }
  return scaling;
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

}  // namespace

Preprocessing learn_preprocessing(const Dataset& train, Normalization normalization, const MeasureInputs& elsewhere) {
  Preprocessing preprocessing;
  const std::size_t features = train.features();
  if (normalization == Normalization::automatic && train.holds_bytes()) {
    preprocessing.normalization = Normalization::minmax;
    preprocessing.input_shift.assign(features, 0.0F);
    preprocessing.input_scale.assign(features, 1.0F / 255.0F);
  } else if (normalization == Normalization::none) {
    preprocessing.input_shift.assign(features, 0.0F);
    preprocessing.input_scale.assign(features, 1.0F);
  } else {
    preprocessing.normalization = normalization == Normalization::automatic ? Normalization::standard : normalization;
    std::optional<std::vector<ColumnStatistics>> inputs = elsewhere ? elsewhere() : std::nullopt;
    if (!inputs)
      inputs = measure(train.samples(), features,
                       [&](std::size_t sample, std::span<float> values) { train.copy_inputs(sample, values); });
    Scaling scaling = scaling_of(*inputs, train.samples(), preprocessing.normalization);
    preprocessing.input_shift = std::move(scaling.shift);
    preprocessing.input_scale = std::move(scaling.scale);
  }

  if (train.task() == Task::regression) {
    const std::size_t targets = train.schema().targets;
    if (normalization == Normalization::none) {
      preprocessing.target_shift.assign(targets, 0.0F);
      preprocessing.target_scale.assign(targets, 1.0F);
    } else {
      const auto statistics = measure(train.samples(), targets, [&](std::size_t sample, std::span<float> values) {
        for (std::size_t j = 0; j < targets; ++j) values[j] = train.target(sample, j);
      });
      Scaling scaling = scaling_of(statistics, train.samples(), Normalization::standard);
      preprocessing.target_shift = std::move(scaling.shift);
      preprocessing.target_scale = std::move(scaling.scale);
    }
  }
  return preprocessing;
}

}  // namespace gradus::internal
