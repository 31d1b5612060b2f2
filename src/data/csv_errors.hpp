#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv_tokenizer.hpp"

namespace gradus::internal {

/// A place in a table.
struct CsvPosition {
  std::size_t line = 1;    ///< physical, counted from 1
  std::size_t column = 0;  ///< counted from 0
};

/// Says where and what is wrong in a table: "iris.csv:7:3 ('petal_length'): …". Every function throws DataError.
class CsvErrors {
 public:
  CsvErrors(std::string source, std::vector<std::string> names) : source_(std::move(source)), names_(std::move(names)) {}

  [[nodiscard]] const std::string& source() const { return source_; }
  /// "column 3 ('petal_length')", or "column 3" without a header.
  [[nodiscard]] std::string column(std::size_t column) const;

  [[noreturn]] void fail(CsvPosition position, std::string_view what) const;
  [[noreturn]] void fail_line(std::size_t line, std::string_view what) const;
  /// For a field that is no finite number and is in a place for one.
  [[noreturn]] void fail_number(CsvPosition position, std::string_view field, bool first_row) const;
  [[noreturn]] void fail_width(std::size_t line, std::size_t found, std::size_t expected) const;
  [[noreturn]] void fail_quote(CsvPosition position) const;

 private:
  std::string source_;
  std::vector<std::string> names_;
};

}  // namespace gradus::internal
