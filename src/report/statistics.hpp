#pragma once

#include <cstddef>
#include <vector>

#include "gradus/dataset.hpp"

namespace gradus::report {

/// Minimum, maximum, mean and deviation of a column of numbers, in one pass.
class ColumnStatistics {
 public:
  void add(double value);

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] double minimum() const { return minimum_; }
  [[nodiscard]] double maximum() const { return maximum_; }
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double standard_deviation() const;  ///< of the values as a whole population

 private:
  std::size_t count_ = 0;
  double minimum_ = 0.0;
  double maximum_ = 0.0;
  double mean_ = 0.0;
  double squares_ = 0.0;  // sum of squared differences from the mean
};

/// One per feature, of its values that are not missing. For a categorical feature they are those of its numbers of names.
[[nodiscard]] std::vector<ColumnStatistics> feature_statistics(const Dataset& data);
/// The number of samples with each name of a categorical feature, or in each of its buckets.
[[nodiscard]] std::vector<std::size_t> name_counts(const Dataset& data, const Categories& categories);
[[nodiscard]] std::vector<ColumnStatistics> target_statistics(const Dataset& data);  ///< regression: one per target
[[nodiscard]] std::vector<std::size_t> class_counts(const Dataset& data);            ///< classification

/// Multi-label: the number of samples with each label.
[[nodiscard]] std::vector<std::size_t> label_counts(const Dataset& data);

/// The names of the labels or targets, or their numbers, counted from 1.
[[nodiscard]] std::vector<std::string> label_names(const DataSchema& schema);

}  // namespace gradus::report
