#include "cli/report/render.hpp"

namespace gradus::cli {
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
  Json operator()(std::uint64_t count) const { return count; }
  Json operator()(const Number& number) const { return number.value; }
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

}  // namespace

Json as_json(const Report& report) {
  Json object = Json::object();
  for (const Facts& section : report.sections) add(object, section);
  return object;
}

}  // namespace gradus::cli
