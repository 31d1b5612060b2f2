#pragma once

#include <string>
#include <vector>

#include "gradus/model.hpp"

namespace gradus::cli {

/// What was taken for what: a table for a few classes, the most frequent confusions for many, and
/// a sentence where the library counts none.
[[nodiscard]] std::string describe_confusion(const Evaluation& evaluation, const std::vector<std::string>& class_names);

}  // namespace gradus::cli
