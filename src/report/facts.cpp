#include "report/facts.hpp"

namespace gradus::report {

Fact line(std::string title, std::string text) {
  return {.key = "", .title = std::move(title), .value = {}, .text = std::move(text)};
}

Fact hidden(std::string key, Value value) {
  return {.key = std::move(key), .title = "", .value = std::move(value), .text = ""};
}

Fact shown(std::string key, std::string title, Value value) {
  return {.key = std::move(key), .title = std::move(title), .value = std::move(value), .text = ""};
}

Fact told(std::string key, std::string title, Value value, std::string text) {
  return {.key = std::move(key), .title = std::move(title), .value = std::move(value), .text = std::move(text)};
}

Value texts(const std::vector<std::string>& list) {
  return std::vector<Value>(list.begin(), list.end());
}

const Fact* Report::find(std::string_view key) const {
  for (const Facts& section : sections)
    for (const Fact& fact : section)
      if (fact.key == key) return &fact;
  return nullptr;
}

}  // namespace gradus::report
