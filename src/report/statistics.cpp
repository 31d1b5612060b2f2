#include "report/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::report {

// Welford's update: sums of squares would lose all digits when the mean is large.
void ColumnStatistics::add(double value) {
  minimum_ = count_ == 0 ? value : std::min(minimum_, value);
  maximum_ = count_ == 0 ? value : std::max(maximum_, value);
  ++count_;
  const double difference = value - mean_;
  mean_ += difference / static_cast<double>(count_);
  squares_ += difference * (value - mean_);
}

double ColumnStatistics::standard_deviation() const {
  return count_ == 0 ? 0.0 : std::sqrt(squares_ / static_cast<double>(count_));
}

std::vector<ColumnStatistics> feature_statistics(const Dataset& data) {
  std::vector<ColumnStatistics> columns(data.features());
  std::vector<float> inputs(data.features());
  for (std::size_t sample = 0; sample < data.samples(); ++sample) {
    data.copy_inputs(sample, inputs);
    for (std::size_t column = 0; column < columns.size(); ++column)
      if (!std::isnan(inputs[column])) columns[column].add(static_cast<double>(inputs[column]));
  }
  return columns;
}

std::vector<std::size_t> name_counts(const Dataset& data, const Categories& categories) {
  std::vector<std::size_t> counts(categories.inputs());
  std::vector<float> features(data.features());
  for (std::size_t sample = 0; sample < data.samples(); ++sample) {
    data.copy_inputs(sample, features);
    const float value = features[categories.feature];
    if (value >= 0.0F) ++counts[static_cast<std::size_t>(value)];
  }
  return counts;
}

std::vector<ColumnStatistics> target_statistics(const Dataset& data) {
  std::vector<ColumnStatistics> columns(data.schema().targets);
  for (std::size_t column = 0; column < columns.size(); ++column)
    for (std::size_t sample = 0; sample < data.samples(); ++sample)
      columns[column].add(static_cast<double>(data.target(sample, column)));
  return columns;
}

std::vector<std::size_t> class_counts(const Dataset& data) {
  std::vector<std::size_t> counts(data.schema().outputs());
  for (std::size_t sample = 0; sample < data.samples(); ++sample)
    ++counts[static_cast<std::size_t>(data.class_index(sample))];
  return counts;
}

std::vector<std::size_t> label_counts(const Dataset& data) {
  std::vector<std::size_t> counts(data.schema().targets);
  for (std::size_t label = 0; label < counts.size(); ++label)
    for (std::size_t sample = 0; sample < data.samples(); ++sample)
      if (data.target(sample, label) > 0.5F) ++counts[label];
  return counts;
}

std::vector<std::string> label_names(const DataSchema& schema) {
  if (!schema.target_names.empty()) return schema.target_names;
  std::vector<std::string> names;
  for (std::size_t label = 1; label <= schema.targets; ++label) names.push_back(std::to_string(label));
  return names;
}

}  // namespace gradus::report
