#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/array.hpp"
#include "data/csv/errors.hpp"
#include "data/csv/reader.hpp"
#include "data/dataset/class_names.hpp"
#include "data/dataset/storage.hpp"

namespace gradus::internal {

/// The target of a table to learn from. Whether it is numbers or classes is known only at the end; until then each row
/// has the number of a distinct value, as long as these are few enough to be classes.
class TrainingTarget : public TargetSink {
 public:
  TrainingTarget(const CsvErrors& errors, std::size_t column, std::optional<Task> task)
      : errors_(errors), column_(column), task_(task) {}

  void add(const CsvField& field, CsvPosition position) override;
  /// Decides the task, and fills the storage's targets and that part of its schema.
  void finish(DatasetStorage& storage);

 private:
  /// One distinct text.
  struct Value {
    std::string text;
    bool is_number = false;
    bool was_quoted = false;
    double number = 0;
    float rounded = 0;
    std::size_t line = 0;  ///< of its first row
  };

  std::int32_t add_value(const CsvField& field, CsvPosition position);
  void check_text(const CsvField& field, CsvPosition position) const;
  void add_number(const CsvField& field, CsvPosition position);
  void stop_counting(CsvPosition position);
  [[nodiscard]] Array<float> numbers_of_codes() const;
  [[nodiscard]] std::vector<double> distinct_numbers() const;
  void refuse_dates() const;
  void refuse_unsure_classes() const;
  void check_texts(const std::vector<double>& distinct) const;
  std::vector<std::int32_t> text_classes(DatasetStorage& storage) const;
  std::vector<std::int32_t> number_classes(const std::vector<double>& distinct, DatasetStorage& storage) const;

  const CsvErrors& errors_;
  std::size_t column_;
  std::optional<Task> task_;
  TextMap<std::int32_t> index_;
  std::vector<Value> values_;
  Array<std::int32_t> codes_;  // each row's value, until there are too many
  Array<float> numbers_;       // from then on
  bool counting_ = true;
  std::size_t texts_ = 0;  // values that are no numbers
};

/// The target of a table for a model that has classes.
class MatchingLabels : public TargetSink {
 public:
  MatchingLabels(const CsvErrors& errors, const DataSchema& schema) : errors_(errors), classes_(schema.class_names) {}

  void add(const CsvField& field, CsvPosition position) override;
  [[nodiscard]] Array<std::int32_t>& labels() { return labels_; }

 private:
  const CsvErrors& errors_;
  ClassIndex classes_;
  Array<std::int32_t> labels_;
};

/// Targets of a table that are numbers, or labels: of several columns.
class NumberTargets : public TargetSink {
 public:
  /// `columns`: in the order of the outputs.
  NumberTargets(const CsvErrors& errors, std::span<const std::size_t> columns, bool must_be_labels);

  void add(const CsvField& field, CsvPosition position) override;
  /// (rows, columns), row-major, in the order of the outputs.
  [[nodiscard]] Array<float>& numbers() { return numbers_; }
  /// Whether each is 0 or 1.
  [[nodiscard]] bool are_labels() const { return others_ == 0; }
  /// Says so where all but very few are, and could be mistakes. Throws DataError where all rows have the same labels.
  void look_at_labels(DatasetStorage& storage) const;

 private:
  const CsvErrors& errors_;
  std::vector<std::size_t> outputs_;  // of the columns, in the order of the table
  bool must_be_labels_;
  std::size_t others_ = 0;         // values that are no labels
  std::size_t line_of_other_ = 0;  // of the first of them
  std::size_t next_ = 0;           // which of a row's columns comes next
  Array<float> numbers_;
};

/// The weights of a table's rows.
class WeightColumn : public TargetSink {
 public:
  explicit WeightColumn(const CsvErrors& errors) : errors_(errors) {}

  void add(const CsvField& field, CsvPosition position) override;
  /// Throws DataError when all are 0.
  [[nodiscard]] Array<float> finish();

 private:
  const CsvErrors& errors_;
  Array<float> weights_;
};

}  // namespace gradus::internal
