#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/array.hpp"
#include "data/csv/errors.hpp"
#include "data/csv/number.hpp"
#include "data/csv/reader.hpp"
#include "data/dataset/class_names.hpp"
#include "data/dataset/storage.hpp"

namespace gradus::internal {

/// The message about a target that is a date or a time.
[[nodiscard]] std::string date_advice(std::string_view text);

/// Whether a field can be the name of a class: a number, or text. In quotes every text but the empty one is a name.
[[nodiscard]] bool is_class_name(const CsvField& field, FieldKind kind);

/// The target of a table for a model that has classes.
class MatchingClasses : public TargetSink {
 public:
  MatchingClasses(const CsvErrors& errors, const DataSchema& schema) : errors_(errors), classes_(schema.class_names) {}

  void add(const CsvField& field, CsvPosition position) override;
  [[nodiscard]] Array<std::int32_t>& indices() { return indices_; }

 private:
  const CsvErrors& errors_;
  ClassIndex classes_;
  Array<std::int32_t> indices_;
};

/// Targets of a table that are numbers, or labels of one column each.
class NumberTargets : public TargetSink {
 public:
  /// `columns`: in the order of the outputs. A multi-label `task` asks for labels, which are 0 or 1.
  NumberTargets(const CsvErrors& errors, std::span<const std::size_t> columns, std::optional<Task> task);

  void add(const CsvField& field, CsvPosition position) override;
  /// (rows, columns), row-major, in the order of the outputs.
  [[nodiscard]] Array<float>& numbers() { return numbers_; }
  /// For training: decides the task, and fills in the storage's targets and the schema of targets. Throws DataError where
  /// all rows have the same labels.
  void finish(DatasetStorage& storage);

 private:
  [[nodiscard]] bool must_be_labels() const { return task_ == Task::multi_label; }
  void refuse_equal_labels() const;
  void note_almost_labels(DatasetStorage& storage) const;

  const CsvErrors& errors_;
  std::optional<Task> task_;
  std::vector<std::size_t> outputs_;  // of the columns, in the order of the table
  std::size_t others_ = 0;            // values other than 0 and 1
  std::size_t line_of_other_ = 0;     // of the first of them
  std::size_t next_ = 0;              // which of a row's columns comes next
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
