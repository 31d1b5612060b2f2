#pragma once

#include <cstddef>
#include <string>

#include "gradus/dataset.hpp"
#include "gradus/experiment.hpp"
#include "report/facts.hpp"

namespace gradus::report {

/// What a cross-validation was of, as the user named it.
struct FoldsSubject {
  std::string data;
  std::size_t folds = 0;  ///< that were asked for
  std::uint64_t seed = 0;
};

/// The finished folds, and the mean and deviation of their metrics. The text lists the folds only when not all of them are
/// finished, and is empty when none is.
[[nodiscard]] Report folds_report(const FoldsSubject& subject, const Dataset& data, const CrossValidation& result);

}  // namespace gradus::report
