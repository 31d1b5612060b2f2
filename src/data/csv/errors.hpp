#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv/tokenizer.hpp"

namespace gradus::internal {

/// A place in a table.
struct CsvPosition {
  std::size_t line = 1;    ///< physical, counted from 1
  std::size_t column = 0;  ///< counted from 0
};

/// Says where and what is wrong in a table: "iris.csv:7:3 ('petal_length'): …". Every function throws DataError.
class CsvErrors {
 public:
  /// `columns` and `first`, the character that the first record begins with, serve hints at what may be wrong.
  explicit CsvErrors(std::string source, std::size_t columns = 0, char first = '\0')
      : source_(std::move(source)), columns_(columns), first_(first) {}
  void set_names(std::vector<std::string> names) { names_ = std::move(names); }

  [[nodiscard]] const std::string& source() const { return source_; }
  /// "column 3 ('petal_length')", or "column 3" without a header.
  [[nodiscard]] std::string column(std::size_t column) const;
  /// How a user gives the column in an option: by its number, or by its name where another column is called that number.
  [[nodiscard]] std::string option_value(std::size_t column) const;
  /// "; the first line begins with '#', …" when it does, else "".
  [[nodiscard]] std::string_view comment_hint() const;

  /// "iris.csv:7:3 ('petal_length'): " and `what`.
  [[nodiscard]] std::string message(CsvPosition position, std::string_view what) const;
  /// The message for a field without a value: it is empty, or a word such as NA or NaN.
  [[nodiscard]] std::string missing_message(CsvPosition position, std::string_view field) const;

  [[noreturn]] void fail(CsvPosition position, std::string_view what) const;
  [[noreturn]] void fail_line(std::size_t line, std::string_view what) const;
  /// For a field that is not a finite number, where one is expected. `if_text`: advice for text.
  [[noreturn]] void fail_number(CsvPosition position, std::string_view field, std::string_view if_text = "") const;
  /// For a row of too few fields.
  [[noreturn]] void fail_narrow(std::size_t line, std::size_t found, std::size_t expected) const;
  /// For a row of too many, of which `last` is the last one.
  [[noreturn]] void fail_wide(std::size_t line, std::size_t found, std::size_t expected, std::string_view last) const;
  [[noreturn]] void fail_quote(CsvPosition position) const;

 private:
  [[nodiscard]] bool is_nameless_last(std::size_t column) const;
  [[nodiscard]] std::string missing(CsvPosition position, std::string_view field) const;
  [[noreturn]] void fail_width(std::size_t line, std::size_t found, std::size_t expected, std::string_view hint) const;

  std::string source_;
  std::vector<std::string> names_;
  std::size_t columns_;
  char first_;
};

}  // namespace gradus::internal
