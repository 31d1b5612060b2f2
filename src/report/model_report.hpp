#pragma once

#include <string>

#include "gradus/model.hpp"
#include "report/facts.hpp"

namespace gradus::report {

/// What is in the model file at `path`: network, features and targets, and how it was trained.
[[nodiscard]] Report model_report(const std::string& path, const Model& model);

}  // namespace gradus::report
