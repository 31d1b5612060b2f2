#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gradus/dataset.hpp"
#include "report/facts.hpp"
#include "report/statistics.hpp"

namespace gradus::report {

/// A column of numbers as the user knows it.
struct NamedStatistics {
  std::string name;
  ColumnStatistics statistics;
};

/// The name of a column, or its number counted from 1.
[[nodiscard]] std::string name_or_number(const std::vector<std::string>& names, std::size_t column);

/// Minimum, mean, maximum and deviation of columns with this many samples; the text says how many values are missing if any
/// is.
[[nodiscard]] Table statistics_table(const std::string& title, const std::vector<NamedStatistics>& columns,
                                     std::size_t samples);
/// The categorical features with their most frequent names, for the text.
[[nodiscard]] Table names_table(const Dataset& data);
/// All features in their order, numbers and categories, for JSON.
[[nodiscard]] Table feature_table(const Dataset& data, const std::vector<ColumnStatistics>& statistics);
/// How many samples each class or label has.
[[nodiscard]] Table class_table(const Dataset& data, const std::string& title, const std::vector<std::string>& names,
                                const std::vector<std::size_t>& counts);

}  // namespace gradus::report
