#include "report/option_facts.hpp"

#include <cstdint>
#include <variant>

#include <fmt/format.h>

#include "report/words.hpp"

namespace gradus::report {
namespace {

struct ToValue {
  Value operator()(std::monostate /*nothing*/) const { return {}; }
  Value operator()(std::uint64_t count) const { return count; }
  Value operator()(double number) const { return Number{number}; }
  Value operator()(const std::string& text) const { return text; }
  Value operator()(const std::vector<std::uint64_t>& list) const { return std::vector<Value>(list.begin(), list.end()); }
  Value operator()(const std::vector<double>& list) const {
    std::vector<Value> numbers;
    numbers.reserve(list.size());
    for (const double number : list) numbers.emplace_back(Number{number});
    return numbers;
  }
};

}  // namespace

Value to_value(const OptionValue& value) {
  return std::visit(ToValue(), value);
}

std::string describe_batch(std::size_t batch_size, std::size_t samples) {
  if (batch_size >= samples) return "full batch";
  return fmt::format("batches of {}", with_separators(batch_size));
}

}  // namespace gradus::report
