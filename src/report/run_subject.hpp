#pragma once

#include <optional>
#include <string>

#include "gradus/dataset.hpp"
#include "gradus/options.hpp"

namespace gradus::report {

/// A run: what is trained, on what, and how. Copies are cheap, as those of Dataset are.
struct RunSubject {
  std::string data;  ///< DATA as the user named it
  Options options;   ///< with all that the trainer has resolved
  Dataset train;
  std::optional<Dataset> validation = std::nullopt;
  std::optional<Dataset> test = std::nullopt;  ///< in a cross-validation: the first fold
};

}  // namespace gradus::report
