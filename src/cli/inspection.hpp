#pragma once

#include <string>
#include <vector>

#include "cli/report/facts.hpp"
#include "gradus/loading.hpp"
#include "gradus/model.hpp"

namespace gradus::cli {

/// What is in a model file.
[[nodiscard]] Report model_report(const std::string& path, const Model& model);
/// What is in a source of data: its columns, with statistics of the training set.
[[nodiscard]] Report data_report(const DataSplits& splits);

/// The inputs of a schema with categorical features or missing values; empty when every feature is a plain number.
[[nodiscard]] std::string describe_columns(const DataSchema& schema);

/// `0, 1, 2, … 9`: as many of the names as fit a line, and the last.
[[nodiscard]] std::string describe_names(const std::vector<std::string>& names);

}  // namespace gradus::cli
