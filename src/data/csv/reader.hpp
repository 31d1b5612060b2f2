#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/array.hpp"
#include "data/csv/buffer.hpp"
#include "data/csv/column_role.hpp"
#include "data/csv/dialect.hpp"
#include "data/csv/errors.hpp"
#include "data/source/byte_source.hpp"
#include "gradus/loading.hpp"

namespace gradus::internal {

/// Takes the target's field of each row, in order; of several targets one after the other, in the order of the columns.
class TargetSink {
 public:
  virtual ~TargetSink() = default;
  virtual void add(const CsvField& field, CsvPosition position) = 0;
};

/// Takes the fields of features that are not plain numbers, and returns what the data set holds for them.
class FeatureSink {
 public:
  virtual ~FeatureSink() = default;
  /// A field of a feature whose values are names. It may be given again, when its row was not complete in memory.
  virtual float name(std::size_t feature, const CsvField& field, CsvPosition position) = 0;
  /// A field that is not a number, of a feature of numbers. Nothing: the feature's values are names from now on.
  virtual std::optional<float> odd(std::size_t feature, const CsvField& field, CsvPosition position) = 0;
};

/// Who takes the fields of a table.
struct RowSinks {
  FeatureSink& features;
  TargetSink* target = nullptr;  ///< needed where a column is a target
  TargetSink* weight = nullptr;  ///< needed where a column is the weight
};

/// Reads a table in one pass over its text.
class CsvReader {
 public:
  /// Looks at the first records and takes the header. If half of `known_names` are in the first record, it is one. Throws
  /// FileError, DataError and UsageError.
  CsvReader(ByteSource& source, const DataOptions& options, const CsvLimits& limits,
            std::span<const std::string> known_names = {});

  [[nodiscard]] std::size_t columns() const { return dialect_.columns; }
  /// The header's names; empty without a header.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] const CsvErrors& errors() const { return errors_; }

  /// The first rows, at most `most`, without taking them: only those that are in memory anyway.
  [[nodiscard]] std::vector<CsvRecord> rows_ahead(std::size_t most) const;

  /// Appends the features of every row to `features`, (rows, feature count) row-major, and gives the other fields to the
  /// sinks. `roles`: one per column. Returns the number of rows. Throws DataError and OutOfMemory.
  std::size_t read_rows(std::span<const ColumnRole> roles, std::size_t feature_count, Array<float>& features,
                        const RowSinks& sinks);

 private:
  /// A field that is taken when its row is complete.
  struct Field {
    CsvField field;
    CsvPosition position;
  };

  /// A record that is being read.
  struct Row {
    const char* text = nullptr;  ///< where it begins; behind it when it was complete
    float* features = nullptr;
    std::vector<Field> targets;
    std::size_t targets_there = 0;
    Field weight;
    bool weight_is_there = false;
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
  const char* keep_field(const char* text, CsvPosition& position, Field& kept) const;
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
  std::vector<ColumnRole> roles_;  ///< as the rows that were read have left them
  FeatureSink* features_ = nullptr;
  TargetSink* target_ = nullptr;
  TargetSink* weight_ = nullptr;
};

}  // namespace gradus::internal
