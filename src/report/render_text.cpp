#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "report/confusion.hpp"
#include "report/metric_text.hpp"
#include "report/render.hpp"
#include "report/words.hpp"

namespace gradus::report {
namespace {

/// One line: its cells with two spaces between them.
std::string table_line(const Table& table, const std::vector<std::string>& cells, std::size_t name_width) {
  std::string text(table.indent, ' ');
  bool is_first = true;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Column& column = table.columns[i];
    if (column.title.empty()) continue;
    if (is_first)
      text += aligned_left(cells[i], name_width);
    else
      text += "  " + (column.is_prose ? cells[i] : aligned_right(cells[i], column.width));
    is_first = false;
  }
  return text + "\n";
}

std::vector<std::string> cells_of(const Table& table, const std::vector<Value>& row, std::size_t name_column) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool is_shown = !table.columns[i].title.empty();
    cells.push_back(is_shown ? as_text(row[i]) : "");
    if (i == name_column) cells[i] = shortened(cells[i], table.longest_name);
  }
  return cells;
}

std::string words_of(const Fact& fact) {
  return fact.text.empty() ? as_text(fact.value) : fact.text;
}

/// The line or the block of a fact; nothing for one that is not in the text.
std::string describe(const Fact& fact, std::size_t title_width, const TitleStyle& style) {
  if (fact.title.empty()) return fact.text.empty() ? "" : fact.text + "\n";
  if (const auto* table = std::get_if<Table>(&fact.value.kind)) return as_text(*table);
  if (const auto* confusion = std::get_if<Confusion>(&fact.value.kind))
    return describe_confusion(confusion->counts, confusion->class_names);
  const std::string_view gap = width_of(fact.title) < title_width ? "" : "  ";
  const std::string title = aligned_left(fact.title, title_width);
  return fmt::format("{}{}{}\n", style ? style(title) : title, gap, words_of(fact));
}

}  // namespace

std::string as_text(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.kind)) return printable(*text);
  if (const auto* count = std::get_if<std::uint64_t>(&value.kind)) return with_separators(*count);
  if (const auto* number = std::get_if<Number>(&value.kind)) return in_words(number->value, number->format);
  if (const auto* time = std::get_if<Duration>(&value.kind)) return duration(time->seconds);
  if (const auto* pace = std::get_if<Speed>(&value.kind)) return speed(pace->samples_per_second);
  if (const auto* place = std::get_if<Position>(&value.kind)) return position(place->at, place->of);
  return "";
}

std::string as_text(const Table& table) {
  std::vector<std::string> titles;
  for (const Column& column : table.columns) titles.push_back(column.title);
  const auto is_shown = [](const std::string& title) { return !title.empty(); };
  const auto name_column = static_cast<std::size_t>(std::find_if(titles.begin(), titles.end(), is_shown) - titles.begin());
  if (name_column == titles.size()) return "";
  std::vector<std::vector<std::string>> lines{titles};
  for (std::size_t i = 0; i < std::min(table.rows.size(), table.most_rows); ++i)
    lines.push_back(cells_of(table, table.rows[i], name_column));
  std::size_t name_width = 0;
  for (const auto& line : lines) name_width = std::max(name_width, width_of(line[name_column]));
  std::string text;
  for (const auto& line : lines) text += table_line(table, line, name_width);
  if (table.rows.size() <= table.most_rows) return text;
  return text + fmt::format("{}… and {} more (all with --json)\n", std::string(table.indent, ' '),
                            with_separators(table.rows.size() - table.most_rows));
}

std::string as_text(const Report& report, const TitleStyle& style) {
  std::string text = report.heading.empty() ? "" : report.heading + "\n";
  for (std::size_t i = 0; i < report.sections.size(); ++i) {
    if (i > 0) text += "\n";
    for (const Fact& fact : report.sections[i]) text += describe(fact, report.title_width, style);
  }
  return text;
}

std::string as_line(const Facts& facts) {
  std::string line;
  for (const Fact& fact : facts)
    if (!fact.title.empty()) line += fmt::format("{}{} {}", line.empty() ? "" : "  ", fact.title, words_of(fact));
  return line;
}

}  // namespace gradus::report
