#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "gradus/metrics.hpp"

namespace gradus::report {

// What a report says, apart from how it is written: a report is built once, and renderers (render.hpp) make text or JSON of
// it. A fact has the same key in the reports of a run's setup and of its end, such as `samples` or `parameters`, so that it
// can be found by its key (find).

struct Value;
struct Fact;
using Facts = std::vector<Fact>;

/// A number and how a person reads it. JSON has it in full; NaN and infinity are null there.
struct Number {
  double value = 0.0;
  Metric::Format format = Metric::Format::number;
};

/// A time in seconds; texts have it in words, such as `1 min 20 s`.
struct Duration {
  double seconds = 0.0;
};

/// Samples per second; texts have it in words, such as `1.23M samples/s`.
struct Speed {
  double samples_per_second = 0.0;
};

/// How far something is: `34/1000` in texts, and 34 in JSON.
struct Position {
  std::uint64_t at = 0;  ///< counted from 1
  std::uint64_t of = 0;
};

/// A cell that a row of a table does not have.
struct Absent {};

/// A column without a key is not in JSON; one without a title is not in the text.
struct Column {
  std::string key = {};
  std::string title = {};
  std::size_t width = 0;  ///< at least this many characters; the first column of the text is as wide as its cells
  bool is_prose = false;  ///< the cells are aligned on the left, and the last one is not padded
};

/// A row has one cell per column. The first column of the text names the rows.
struct Table {
  std::vector<Column> columns = {};
  std::vector<std::vector<Value>> rows = {};
  std::size_t indent = 0;         ///< of the text, in spaces
  std::size_t longest_name = 24;  ///< the text shortens longer names of rows
  std::size_t most_rows = 30;     ///< the text says how many more there are
};

/// Counts of (actual class, predicted class), row-major; without counts when the classes are too many.
struct Confusion {
  std::vector<std::string> class_names;
  std::vector<std::uint64_t> counts;
};

/// Null, text, a truth, a count, a number, a list, an object with keys, a table, or a confusion matrix.
struct Value {
  using Kinds = std::variant<std::monostate, std::string, bool, std::uint64_t, Number, Duration, Speed, Position,
                             std::vector<Value>, Facts, Table, Confusion, Absent>;

  Value() = default;
  template <typename T>
  requires(!std::same_as<std::remove_cvref_t<T>, Value> && std::constructible_from<Kinds, T>)
      // A value is any of its kinds; the constraint keeps copies and moves.
      // NOLINTNEXTLINE(google-explicit-constructor,bugprone-forwarding-reference-overload)
      Value(T&& value)
      : kind(std::forward<T>(value)) {}

  Kinds kind;
};

/// A fact without a key is not in JSON.
/// - with a title: a line of the text, or for a table and a confusion matrix a block
/// - without a title, with `text`: a paragraph of its own
/// - with neither: not in the text
struct Fact {
  std::string key;
  std::string title;
  Value value;
  std::string text;  ///< how the text has the value; empty: as the value's kind is written
};

/// A fact of the text alone.
[[nodiscard]] Fact line(std::string title, std::string text);
/// A fact of JSON alone.
[[nodiscard]] Fact hidden(std::string key, Value value);
/// A fact of both, which the text has as the value's kind is written.
[[nodiscard]] Fact shown(std::string key, std::string title, Value value);
/// A fact of both, which the text has in words of its own.
[[nodiscard]] Fact told(std::string key, std::string title, Value value, std::string text);
/// A list of texts.
[[nodiscard]] Value texts(const std::vector<std::string>& list);

/// JSON is one object with the facts of all sections; the text has an empty line between two sections.
struct Report {
  std::string heading;           ///< the first line of the text, unless it is empty
  std::size_t title_width = 10;  ///< of the column of titles
  std::vector<Facts> sections = std::vector<Facts>(1);

  /// The fact with this key; null if there is none.
  [[nodiscard]] const Fact* find(std::string_view key) const;
};

}  // namespace gradus::report
