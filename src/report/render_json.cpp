#include <cstdint>
#include <iterator>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "report/render.hpp"

namespace gradus::report {
namespace {

Json as_json(const Value& value);

void add(Json& object, const Facts& facts) {
  for (const Fact& fact : facts)
    if (!fact.key.empty()) object[fact.key] = as_json(fact.value);
}

/// An array with an object for each row.
Json as_json(const Table& table) {
  Json rows = Json::array();
  for (const std::vector<Value>& row : table.rows) {
    Json entry = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!table.columns[i].key.empty() && !std::holds_alternative<Absent>(row[i].kind))
        entry[table.columns[i].key] = as_json(row[i]);
    rows.push_back(std::move(entry));
  }
  return rows;
}

/// An array of rows, or null when there are too many classes to count.
Json as_json(const Confusion& confusion) {
  if (confusion.counts.empty()) return nullptr;
  const auto classes = static_cast<std::ptrdiff_t>(confusion.class_names.size());
  Json rows = Json::array();
  for (auto row = confusion.counts.begin(); row != confusion.counts.end(); row += classes)
    rows.push_back(std::vector<std::uint64_t>(row, row + classes));
  return rows;
}

struct ToJson {
  Json operator()(std::monostate /*null*/) const { return nullptr; }
  Json operator()(Absent /*nothing*/) const { return nullptr; }
  Json operator()(const std::string& text) const { return text; }
  Json operator()(bool truth) const { return truth; }
  Json operator()(std::uint64_t count) const { return count; }
  Json operator()(const Number& number) const { return number.value; }
  Json operator()(const Duration& time) const { return time.seconds; }
  Json operator()(const Speed& speed) const { return speed.samples_per_second; }
  Json operator()(const Position& position) const { return position.at; }
  Json operator()(const std::vector<Value>& list) const {
    Json array = Json::array();
    for (const Value& value : list) array.push_back(as_json(value));
    return array;
  }
  Json operator()(const Facts& facts) const {
    Json object = Json::object();
    add(object, facts);
    return object;
  }
  Json operator()(const Table& table) const { return as_json(table); }
  Json operator()(const Confusion& confusion) const { return as_json(confusion); }
};

Json as_json(const Value& value) {
  return std::visit(ToJson(), value.kind);
}

/// Appends numbers without a tree; the few other kinds as a tree has them.
struct AppendShortJson {
  std::string& line;

  void operator()(std::monostate /*null*/) const { line += "null"; }
  void operator()(bool truth) const { line += truth ? "true" : "false"; }
  void operator()(std::uint64_t count) const { fmt::format_to(std::back_inserter(line), "{}", count); }
  void operator()(const Number& number) const { append_json_number(line, number.value); }
  void operator()(const Duration& time) const { append_json_number(line, time.seconds); }
  void operator()(const Speed& speed) const { append_json_number(line, speed.samples_per_second); }
  void operator()(const Position& position) const { (*this)(position.at); }
  template <typename Other>
  void operator()(const Other& other) const {
    line += to_text(ToJson()(other));
  }
};

}  // namespace

std::string as_json_line(const Facts& facts) {
  std::string line;
  line.reserve(256);
  for (const Fact& fact : facts) {
    if (fact.key.empty()) continue;
    line += line.empty() ? "{\"" : ",\"";
    line += fact.key;
    line += "\":";
    std::visit(AppendShortJson{line}, fact.value.kind);
  }
  line += line.empty() ? "{}" : "}";
  return line;
}

Json as_json(const Report& report) {
  Json object = Json::object();
  for (const Facts& section : report.sections) add(object, section);
  return object;
}

}  // namespace gradus::report
