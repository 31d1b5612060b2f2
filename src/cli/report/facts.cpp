#include "cli/report/facts.hpp"

namespace gradus::cli {

Fact line(std::string title, std::string text) {
  return {.key = "", .title = std::move(title), .value = {}, .text = std::move(text)};
}

Fact hidden(std::string key, Value value) {
  return {.key = std::move(key), .title = "", .value = std::move(value), .text = ""};
}

Value texts(const std::vector<std::string>& list) {
  return std::vector<Value>(list.begin(), list.end());
}

}  // namespace gradus::cli
