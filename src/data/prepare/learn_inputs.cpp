#include "data/prepare/learn_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "data/dataset/access.hpp"
#include "data/prepare/scaling.hpp"

namespace gradus::internal {
namespace {

constexpr float kNoName = -1.0F;

/// A feature's values in the training set.
struct Column {
  std::vector<float> present;  // in the order of the samples
  std::size_t missing = 0;

  [[nodiscard]] std::size_t samples() const { return present.size() + missing; }
};

Column read_column(const Dataset& train, std::size_t feature) {
  const DatasetStorage& storage = storage_of(train);
  const auto rows = rows_of(train);
  Column column;
  column.present.reserve(train.samples());
  for (std::size_t i = 0; i < train.samples(); ++i) {
    const std::size_t row = rows.empty() ? i : rows[i];
    const std::size_t at = row * train.features() + feature;
    const float value = storage.holds_bytes ? static_cast<float>(storage.bytes[at]) : storage.floats[at];
    if (std::isnan(value))
      ++column.missing;
    else
      column.present.push_back(value);
  }
  return column;
}

/// Below, an empty column has 0: its input is constant, so nothing comes of it.
float mean(const std::vector<float>& values) {
  double sum = 0.0;
  for (const float value : values) sum += static_cast<double>(value);
  return values.empty() ? 0.0F : static_cast<float>(sum / static_cast<double>(values.size()));
}

/// The mean of the two in the middle of an even number of values.
float median(std::vector<float> values) {
  if (values.empty()) return 0.0F;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return static_cast<float>(0.5 *
                            (static_cast<double>(*std::max_element(values.begin(), middle)) + static_cast<double>(*middle)));
}

/// The least of several.
float most_frequent(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  float best = 0.0F;
  std::ptrdiff_t most = 0;
  for (auto run = values.begin(); run != values.end();) {
    const auto end = std::upper_bound(run, values.end(), *run);
    if (end - run > most) best = *run;
    most = std::max(most, end - run);
    run = end;
  }
  return best;
}

float missing_number(const std::vector<float>& present, Missing missing) {
  switch (missing) {
    case Missing::mean:
      return mean(present);
    case Missing::median:
    case Missing::indicator:
      return median(present);
    case Missing::most_frequent:
      return most_frequent(present);
    case Missing::error:
      break;
  }
  return 0.0F;
}

/// For an input that is 1 in `ones` samples: in none or in all of them it carries no information.
float scale_of_flag(std::size_t ones, std::size_t samples) {
  return ones > 0 && ones < samples ? 1.0F : 0.0F;
}

/// Appends one feature after the other.
class InputLearner {
 public:
  InputLearner(const DataSchema& schema, Preprocessing& learnt) : schema_(schema), learnt_(learnt) {}

  void add_number(const Column& column) {
    const float instead = missing_number(column.present, schema_.missing);
    add_missing_value(instead);
    if (learnt_.normalization == Normalization::none) return add_input({});
    if (learnt_.normalization == Normalization::quantile) {
      std::vector<float> values = column.present;
      learnt_.quantiles.push_back(learn_quantiles(values));
      return add_input({0.0F, learnt_.quantiles.back().from.size() > 1 ? 1.0F : 0.0F});
    }
    ColumnStatistics statistics;
    statistics.first = static_cast<double>(column.present.empty() ? instead : column.present.front());
    for (const float value : column.present) statistics.add(static_cast<double>(value));
    for (std::size_t i = 0; i < column.missing; ++i) statistics.add(static_cast<double>(instead));
    add_input(scaling_of(statistics, column.samples(), learnt_.normalization));
  }

  void add_names(const Column& column, const Categories& categories) {
    std::vector<std::size_t> counts(categories.inputs());
    for (const float value : column.present)
      if (value >= 0.0F) ++counts[static_cast<std::size_t>(value)];  // else a name that is not known
    const auto most = std::max_element(counts.begin(), counts.end());
    const bool none = column.present.empty() || schema_.missing == Missing::indicator;
    add_missing_value(none ? kNoName : static_cast<float>(most - counts.begin()));
    if (!none) *most += column.missing;
    for (const std::size_t count : counts) add_input({0.0F, scale_of_flag(count, column.samples())});
    if (learnt_.normalization == Normalization::quantile) learnt_.quantiles.emplace_back();
  }

  void add_indicator(const Column& column) { add_input({0.0F, scale_of_flag(column.missing, column.samples())}); }

 private:
  void add_missing_value(float value) {
    if (schema_.missing != Missing::error) learnt_.missing_values.push_back(value);
  }

  void add_input(Scaling scaling) {
    learnt_.input_shift.push_back(scaling.shift);
    learnt_.input_scale.push_back(scaling.scale);
  }

  const DataSchema& schema_;
  Preprocessing& learnt_;
};

}  // namespace

bool needs_values(Normalization normalization) {
  switch (normalization) {
    case Normalization::quantile:
      return true;
    case Normalization::automatic:
    case Normalization::none:
    case Normalization::minmax:
    case Normalization::standard:
      return false;
  }
  return false;
}

void learn_inputs(const Dataset& train, Preprocessing& preprocessing) {
  const DataSchema& schema = train.schema();
  InputLearner learner(schema, preprocessing);
  auto categories = schema.categories.begin();
  auto indicator = schema.indicators.begin();
  for (std::size_t feature = 0; feature < schema.features; ++feature) {
    const Column column = read_column(train, feature);
    if (categories != schema.categories.end() && categories->feature == feature)
      learner.add_names(column, *categories++);
    else
      learner.add_number(column);
    if (indicator != schema.indicators.end() && *indicator == feature) {
      learner.add_indicator(column);
      ++indicator;
    }
  }
}

}  // namespace gradus::internal
