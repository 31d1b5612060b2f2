#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "gradus/option_value.hpp"
#include "report/facts.hpp"

namespace gradus::report {

/// An option's value as a model file holds it; null for none.
[[nodiscard]] Value to_value(const OptionValue& value);

/// Options with their values, in JSON alone.
template <typename Key>
[[nodiscard]] Facts option_facts(const std::vector<std::pair<Key, OptionValue>>& options) {
  Facts facts;
  for (const auto& [key, value] : options) facts.push_back(hidden(std::string(key), to_value(value)));
  return facts;
}

/// How many samples a step takes: `full batch`, or `batches of 10`.
[[nodiscard]] std::string describe_batch(std::size_t batch_size, std::size_t samples);

}  // namespace gradus::report
