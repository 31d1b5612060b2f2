#pragma once

#include <string>
#include <vector>

#include "gradus/schema.hpp"

namespace gradus::report {

/// The inputs of a schema with categorical features or missing values; empty when every feature is a plain number.
[[nodiscard]] std::string describe_columns(const DataSchema& schema);

/// `0, 1, 2, … 9`: as many of the names as fit a line, and the last.
[[nodiscard]] std::string describe_names(const std::vector<std::string>& names);

}  // namespace gradus::report
