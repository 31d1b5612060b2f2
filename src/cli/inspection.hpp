#pragma once

#include <string>
#include <vector>

#include "cli/json_output.hpp"
#include "gradus/loading.hpp"
#include "gradus/model.hpp"

namespace gradus::cli {

[[nodiscard]] std::string describe(const std::string& path, const Model& model);
[[nodiscard]] Json to_json(const std::string& path, const Model& model);

[[nodiscard]] std::string describe(const DataParts& data);
[[nodiscard]] Json to_json(const DataParts& data);

/// What a schema knows of names and missing values; nothing for features that are all plain numbers.
[[nodiscard]] std::string describe_columns(const DataSchema& schema);

/// `0, 1, 2, … 9`: as many of the names as fit a line, and the last.
[[nodiscard]] std::string describe_names(const std::vector<std::string>& names);

}  // namespace gradus::cli
