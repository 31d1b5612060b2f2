#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/array.hpp"
#include "data/csv/errors.hpp"
#include "data/csv/missing_fields.hpp"
#include "data/csv/reader.hpp"
#include "data/dataset/class_names.hpp"
#include "data/dataset/storage.hpp"

namespace gradus::internal {

/// The features of a table to learn from that are not all numbers. A column is one of names when its first value is a text,
/// or when the user said so.
class TrainingFeatures : public FeatureSink {
 public:
  /// `columns`: the column in the table of each feature. `most_categories`: DataOptions. `floats`: where the reader puts the
  /// features' values.
  TrainingFeatures(const CsvErrors& errors, std::vector<std::size_t> columns, std::size_t most_categories,
                   Array<float>& floats);

  /// The feature's values are names, whatever they look like.
  void expect_names(std::size_t feature) { named_[feature].was_asked_for = true; }

  float name(std::size_t feature, const CsvField& field, CsvPosition position) override;
  std::optional<float> odd(std::size_t feature, const CsvField& field, CsvPosition position) override;
  /// Sorts the names, and fills in the schema of features and the notes.
  void finish(DatasetStorage& storage);

 private:
  /// A feature of names.
  struct Names {
    bool was_asked_for = false;
    TextMap<std::int32_t> index;     // of each name
    std::vector<std::string> names;  // in the order of their first rows
    std::size_t numbers = 0;         // of the names, those that are numbers
    std::string first_text;
    CsvPosition first_text_position;
    bool hashed = false;
  };

  float add_name(std::size_t feature, const CsvField& field, CsvPosition position);
  void begin_hashing(std::size_t feature);
  void check_name(const Names& named, const CsvField& field, CsvPosition position) const;
  void refuse_numbers(const Names& named) const;
  [[nodiscard]] bool has_number(std::size_t feature) const;
  [[nodiscard]] std::size_t width() const { return columns_.size(); }
  Categories in_order(std::size_t feature);
  void note_hashed(DatasetStorage& storage) const;
  /// Calls the function with each of the feature's values that is not missing, in the complete rows.
  template <typename Function>
  void for_each_value(std::size_t feature, std::size_t rows, Function function);

  const CsvErrors& errors_;
  std::vector<std::size_t> columns_;
  MissingFields missing_;
  std::size_t most_categories_;
  Array<float>& floats_;  // (rows, features)
  std::vector<Names> named_;
};

}  // namespace gradus::internal
