#pragma once

#include <string>

#include "gradus/network_spec.hpp"
#include "report/facts.hpp"

namespace gradus::report {

/// `64-30-10, sigmoid, 2,260 parameters`.
[[nodiscard]] std::string describe(const NetworkSpec& network);

/// Adds the network: one line of the text, and in JSON `widths`, `activation`, `output_activation`, `loss`, `parameters`.
void add_network(Facts& facts, const NetworkSpec& network);

}  // namespace gradus::report
