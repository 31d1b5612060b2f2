#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gradus/export.hpp"
#include "gradus/names.hpp"

namespace gradus {

/// What a sample's target is.
/// - `classification`: one of the classes
/// - `regression`: one number or several
/// - `multi_label`: for each of several labels, whether the sample has it
enum class Task : std::uint8_t { classification, regression, multi_label };

template <>
inline constexpr std::array<std::string_view, 3> kNames<Task>{"classification", "regression", "multi-label"};

/// What replaces missing values.
/// - `error`: nothing; no value may be missing
/// - `mean`, `median`: the mean or median of a feature's numbers in the training set; for names the most frequent one
/// - `most_frequent`: the most frequent value in the training set, for numbers and for names
/// - `indicator`: the median, and one more input that is 1 where the value is missing; for names that input alone
enum class Missing : std::uint8_t { error, mean, median, most_frequent, indicator };

template <>
inline constexpr std::array<std::string_view, 5> kNames<Missing>{"error", "mean", "median", "most-frequent", "indicator"};

/// A feature whose values are names. In a data set its value is the index of the name in `names`, or that of the bucket; −1
/// for a name that the model does not know.
struct Categories {
  std::size_t feature = 0;         ///< which feature, counted from 0
  std::vector<std::string> names;  ///< each has an input that is 1 where the feature has this name; in bytewise order
  std::size_t buckets = 0;         ///< unless 0: there are too many names, and each is hashed to one of this many inputs

  [[nodiscard]] std::size_t inputs() const { return buckets > 0 ? buckets : names.size(); }

  bool operator==(const Categories&) const = default;
};

/// What the columns of a data set mean. A model keeps the schema of its training set, and data for the model must match it.
struct GRADUS_EXPORT DataSchema {
  Task task = Task::classification;
  std::size_t features = 0;                ///< values per sample: numbers and names
  std::vector<std::string> feature_names;  ///< one per feature, or empty when the data has no names
  std::vector<std::string> target_names;   ///< one per target or label (classification: one), or empty
  std::vector<std::string> class_names;    ///< classification: one per class, in the order of the outputs
  std::size_t targets = 1;                 ///< regression: target columns; multi-label: labels
  /// A table's targets, in the order of the outputs, counted from 0 among all its columns; {0} for arrays and images.
  std::vector<std::size_t> target_columns = {0};
  std::vector<Categories> categories;        ///< the features whose values are names, in their order
  Missing missing = Missing::error;          ///< the policy; unless it is `error`, a value may be missing (NaN)
  std::vector<std::size_t> indicators;       ///< with `indicator`: the features that have one, in their order
  std::vector<std::size_t> ignored_columns;  ///< of a table, counted from 0 among all its columns

  /// The number of inputs of a network for this data: one for each number, name (or bucket) and indicator.
  [[nodiscard]] std::size_t inputs() const;
  /// The number of outputs of a network for this data: its classes, targets or labels.
  [[nodiscard]] std::size_t outputs() const { return task == Task::classification ? class_names.size() : targets; }

  bool operator==(const DataSchema&) const = default;
};

}  // namespace gradus
