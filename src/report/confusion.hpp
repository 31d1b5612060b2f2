#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gradus::report {

/// Which classes were predicted for which, from the counts of (actual class, predicted class), row-major: a table for a few
/// classes, the most frequent confusions for many, and a sentence where nothing was counted.
[[nodiscard]] std::string describe_confusion(const std::vector<std::uint64_t>& counts,
                                             const std::vector<std::string>& class_names);

}  // namespace gradus::report
