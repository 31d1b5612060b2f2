#pragma once

#include <string>
#include <vector>

#include "gradus/dataset.hpp"

namespace gradus::cli {

/// What `--class-weights` asks for: `balanced`, or a CSV file with a line `CLASS,WEIGHT` for each class. Throws FileError,
/// DataError for a file of another form, and UsageError for a regression.
[[nodiscard]] std::vector<double> class_weights(const std::string& word, const Dataset& train);

}  // namespace gradus::cli
