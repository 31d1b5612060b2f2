#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/array.hpp"
#include "data/csv/buffer.hpp"
#include "data/csv/dialect.hpp"
#include "data/csv/errors.hpp"
#include "data/source/byte_source.hpp"
#include "gradus/dataset.hpp"

namespace gradus::internal {

/// Takes the target's field of each row, in order; of several targets one after the other, in the order of the columns.
class TargetSink {
 public:
  virtual ~TargetSink() = default;
  virtual void add(const CsvField& field, CsvPosition position) = 0;
};

/// Takes the fields of features that are no plain numbers. What it returns stands in the data set.
class FeatureSink {
 public:
  virtual ~FeatureSink() = default;
  /// A field of a feature whose values are names. It may be given again, when its row was not complete in memory.
  virtual float name(std::size_t feature, const CsvField& field, CsvPosition position) = 0;
  /// A field that is no number, of a feature of numbers. Nothing: the feature's values are names from now on.
  virtual std::optional<float> odd(std::size_t feature, const CsvField& field, CsvPosition position) = 0;
};

/// What becomes of each column: its place among the features, or one of these.
inline constexpr std::int32_t kTargetColumn = -1;
inline constexpr std::int32_t kIgnoredColumn = -2;
inline constexpr std::int32_t kWeightColumn = -3;
/// A feature whose values are names.
[[nodiscard]] constexpr std::int32_t names_at(std::size_t feature) {
  return kWeightColumn - 1 - static_cast<std::int32_t>(feature);
}
/// The same backwards; nothing for a column that is none.
[[nodiscard]] constexpr std::optional<std::size_t> feature_of_names(std::int32_t place) {
  if (place >= kWeightColumn) return std::nullopt;
  return static_cast<std::size_t>(kWeightColumn - 1 - place);
}

/// Reads a table in one pass over its text.
class CsvReader {
 public:
  /// Looks at the first records and takes the header. If half of `known_names` stand in the first record, it is one. Throws
  /// FileError, DataError and UsageError.
  CsvReader(ByteSource& source, const DataOptions& options, const CsvLimits& limits,
            std::span<const std::string> known_names = {});

  [[nodiscard]] std::size_t columns() const { return dialect_.columns; }
  /// The header's names; empty without a header.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] const CsvErrors& errors() const { return errors_; }

  /// The first rows, at most `most`, without taking them: only those that are in memory anyway.
  [[nodiscard]] std::vector<CsvRecord> rows_ahead(std::size_t most) const;

  /// Appends every row's features to `features`, (rows, feature count) row-major, and gives its targets to `target`. Returns
  /// the number of rows. `columns` says what becomes of each column; `target` is needed only for a kTargetColumn, and
  /// `weights` for a kWeightColumn.
  /// Throws DataError and OutOfMemory.
  std::size_t read_rows(const std::vector<std::int32_t>& columns, std::size_t feature_count, Array<float>& features,
                        FeatureSink& odd, TargetSink* target, TargetSink* weights = nullptr);

 private:
  /// A field that is taken when its row is complete.
  struct Field {
    CsvField field;
    CsvPosition position;
    bool is_there = false;
  };

  /// A record that is being read.
  struct Row {
    const char* text = nullptr;  ///< where it begins; behind it when it was complete
    float* features = nullptr;
    std::vector<Field> targets;
    std::size_t targets_there = 0;
    Field weight;
    CsvPosition stopped;  ///< the field that is not complete
  };

  void sniff(const DataOptions& options, std::size_t sample_size);
  void skip_blank_lines(char delimiter);
  [[noreturn]] void fail_first_record();
  [[nodiscard]] bool begins_with(std::span<const std::string> known_names) const;
  void take_header();
  bool take_row(Row& row, std::size_t feature_count, Array<float>& features);
  bool read_row(Row& row);
  const char* read_number(const char* text, CsvPosition& position, float& value);
  const char* read_other(const char* text, CsvPosition& position, Row& row);
  bool count_wide_row(const char* text, CsvPosition position, Row& row);
  const char* scan(const char* text, CsvPosition position, CsvField& field) const;
  void read_more();
  [[noreturn]] void fail_long_row() const;

  CsvBuffer buffer_;
  CsvDialect dialect_;
  std::vector<std::string> names_;
  CsvErrors errors_;
  std::size_t longest_record_;
  std::size_t line_ = 1;  ///< of what comes next
  std::size_t rows_ = 0;
  std::vector<std::int32_t> plan_;
  FeatureSink* odd_ = nullptr;
  TargetSink* target_ = nullptr;
  TargetSink* weights_ = nullptr;
};

}  // namespace gradus::internal
