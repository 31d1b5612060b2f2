#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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
  /// Decides the task, and fills in the storage's targets and the schema of targets.
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
  std::size_t texts_ = 0;  // values that are not numbers
};

}  // namespace gradus::internal
